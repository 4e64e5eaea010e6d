rule reconcile:
    message:
        "reconcile published claims"
    input:
        **inputs("reconcile"),
    output:
        **outputs("reconcile"),
    params:
        sources=sources,
        settings=settings("reconcile"),
    log:
        "results/logs/reconcile.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("reconcile"),
    shell:
        "python -m caseseries reconcile --settings {params.settings:q} > {log:q} 2>&1"
