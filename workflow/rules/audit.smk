rule audit:
    message:
        "audit {wildcards.cohort}"
    input:
        **inputs("audit"),
    output:
        **outputs("audit"),
    params:
        sources=sources,
    log:
        "results/logs/audit/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("audit"),
    shell:
        "python -m caseseries audit {wildcards.cohort:q} > {log:q} 2>&1"
