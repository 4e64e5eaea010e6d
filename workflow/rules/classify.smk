rule classify:
    message:
        "classify {wildcards.cohort}"
    input:
        **inputs("classify"),
    output:
        **outputs("classify"),
    params:
        sources=sources,
        settings=settings("classify"),
    log:
        "results/logs/classify/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries classify {wildcards.cohort:q} --settings {params.settings:q} > {log:q} 2>&1"
