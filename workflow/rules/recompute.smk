rule recompute:
    message:
        "recompute with other packages"
    input:
        **inputs("recompute"),
    output:
        **outputs("recompute"),
    params:
        sources=sources,
        settings=settings("recompute"),
    log:
        "results/logs/recompute.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("recompute"),
    shell:
        "python -m caseseries recompute --settings {params.settings:q} > {log:q} 2>&1"
