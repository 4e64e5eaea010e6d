rule reconstruct:
    message:
        "reconstruct {wildcards.cohort}"
    input:
        **inputs("reconstruct"),
    output:
        **outputs("reconstruct"),
    params:
        sources=sources,
    log:
        "results/logs/reconstruct/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("reconstruct"),
    shell:
        "python -m caseseries reconstruct {wildcards.cohort:q} > {log:q} 2>&1"
