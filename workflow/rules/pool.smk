rule pool:
    message:
        "pool cohorts"
    input:
        estimates=of_cohorts(rules.estimate.output.estimates),
        cohorts=of_cohorts("data/{cohort}/cohort.yaml"),
        code=code("model", "words", "estimators", "response", "estimate"),
    output:
        estimates="results/release/pooled/estimates.csv",
    params:
        sources=sources,
        settings=SETTINGS,
    log:
        "results/logs/pool.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries pool --settings {params.settings:q} > {log:q} 2>&1"
