rule estimate:
    message:
        "estimate {wildcards.cohort}"
    input:
        **inputs("estimate"),
    output:
        **outputs("estimate"),
    params:
        sources=sources,
        settings=settings("estimate"),
    log:
        "results/logs/estimate/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("estimate"),
    shell:
        "python -m caseseries estimate {wildcards.cohort:q} --settings {params.settings:q} > {log:q} 2>&1"
