rule report:
    message:
        "report"
    input:
        cohorts=of_cohorts("data/{cohort}/cohort.yaml"),
        records=of_cohorts(rules.ingest.output.records),
        definitions=rules.definitions.output.catalogue,
        queries=of_cohorts(rules.ingest.output.queries),
        responses=of_cohorts(rules.classify.output.responses),
        estimates=of_cohorts(rules.estimate.output.estimates),
        descriptions=of_cohorts(rules.estimate.output.description),
        spreads=of_cohorts(rules.estimate.output.spread),
        choices=of_cohorts(rules.estimate.output.choices),
        rendered=of_cohorts(rules.show.output.tables) + of_cohorts(rules.show.output.figures),
        pooled=rules.pool.output.estimates,
        across=list(rules.show_pooled.output),
        claims=rules.reconcile.output.claims,
        page=sorted(str(file) for file in (PACKAGE / "report" / "templates").glob("*")),
        code=code("model", "words", "response", "reconcile", "sensitivity", "show", "report"),
    output:
        report=report("results/release/report.html", category="Report", caption="../report/report.rst"),
    params:
        sources=sources,
        settings=SETTINGS,
    log:
        "results/logs/report.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1500,
    shell:
        "python -m caseseries report --settings {params.settings:q} > {log:q} 2>&1"
