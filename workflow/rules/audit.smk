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
        mem_mb=1000,
    shell:
        "python -m caseseries audit {wildcards.cohort:q} > {log:q} 2>&1"
