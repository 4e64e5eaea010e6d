rule pool:
    message:
        "pool cohorts"
    input:
        **inputs("pool"),
    output:
        **outputs("pool"),
    params:
        sources=sources,
        settings=settings("pool"),
    log:
        "results/logs/pool.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("pool"),
    shell:
        "python -m caseseries pool --settings {params.settings:q} > {log:q} 2>&1"
