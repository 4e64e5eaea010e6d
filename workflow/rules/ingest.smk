rule ingest:
    message:
        "ingest {wildcards.cohort}"
    input:
        **inputs("ingest"),
    output:
        **outputs("ingest"),
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
