rule show:
    message:
        "show {wildcards.cohort}"
    input:
        cohort="data/{cohort}/cohort.yaml",
        records=rules.ingest.output.records,
        responses=rules.classify.output.responses,
        times=rules.classify.output.times,
        estimates=rules.estimate.output.estimates,
        description=rules.estimate.output.description,
        agreement=rules.estimate.output.agreement,
        choices=rules.estimate.output.choices,
        class_changes=rules.estimate.output.class_changes,
        definitions=rules.definitions.output.catalogue,
        code=code("model", "words", "response", "sensitivity", "show"),
    output:
        tables=directory("results/release/{cohort}/tables"),
        figures=report(
            directory("results/release/{cohort}/figures"),
            patterns=["{figure}.svg"],
            category="Figures",
            subcategory="{cohort}",
            caption="../report/figure.rst",
        ),
        restricted=directory("results/restricted/{cohort}/show"),
    params:
        sources=sources,
    log:
        "results/logs/show/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1500,
    shell:
        "python -m caseseries show {wildcards.cohort:q} > {log:q} 2>&1"


rule show_pooled:
    message:
        "show across cohorts"
    input:
        estimates=of_cohorts(rules.estimate.output.estimates),
        cohorts=of_cohorts("data/{cohort}/cohort.yaml"),
        pooled=rules.pool.output.estimates,
        definitions=rules.definitions.output.catalogue,
        code=code("model", "words", "response", "sensitivity", "show"),
    output:
        tables=directory("results/release/tables"),
        figures=directory("results/release/figures"),
    params:
        sources=sources,
        settings=SETTINGS,
    log:
        "results/logs/show/pooled.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1500,
    shell:
        "python -m caseseries show pooled --settings {params.settings:q} > {log:q} 2>&1"
