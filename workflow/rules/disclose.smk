rule disclose:
    message:
        "disclose {wildcards.cohort}"
    input:
        **inputs("disclose"),
    output:
        **outputs("disclose"),
    params:
        sources=sources,
        settings=settings("disclose"),
    log:
        "results/logs/disclose/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("disclose"),
    shell:
        "python -m caseseries disclose {wildcards.cohort:q} --settings {params.settings:q} > {log:q} 2>&1"


rule disclose_across:
    message:
        "disclose across cohorts"
    input:
        **inputs("disclose_across"),
    output:
        **outputs("disclose_across"),
    params:
        sources=sources,
        settings=settings("disclose_across"),
    log:
        "results/logs/disclose/pooled.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("disclose_across"),
    shell:
        "python -m caseseries disclose pooled --settings {params.settings:q} > {log:q} 2>&1"
