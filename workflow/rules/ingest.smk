rule ingest:
    message:
        "ingest {wildcards.cohort}"
    input:
        source=cohort_files,
        code=code("model", "words", "ingest"),
    output:
        records=directory("results/restricted/{cohort}/records"),
        queries="results/restricted/{cohort}/queries.csv",
    params:
        sources=sources,
    log:
        "results/logs/ingest/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries ingest {wildcards.cohort:q} > {log:q} 2>&1"
