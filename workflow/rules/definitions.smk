rule definitions:
    message:
        "definitions"
    # Takes a second: no job of a cluster.
    localrule: True
    input:
        **inputs("definitions"),
    output:
        **outputs("definitions"),
    params:
        sources=sources,
    log:
        "results/logs/definitions.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("definitions"),
    shell:
        "python -m caseseries definitions write > {log:q} 2>&1"
