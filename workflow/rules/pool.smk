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
        mem_mb=1000,
    shell:
        "python -m caseseries pool --settings {params.settings:q} > {log:q} 2>&1"
