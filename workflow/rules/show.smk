rule show:
    message:
        "show {wildcards.cohort}"
    input:
        **inputs("show"),
    output:
        **outputs("show", figures=figures_of_a_cohort),
    params:
        sources=sources,
        settings=settings("show"),
    log:
        "results/logs/show/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("show"),
    shell:
        "python -m caseseries show {wildcards.cohort:q} --settings {params.settings:q} > {log:q} 2>&1"


rule show_pooled:
    message:
        "show across cohorts"
    input:
        **inputs("show_pooled"),
    output:
        **outputs("show_pooled"),
    params:
        sources=sources,
        settings=settings("show_pooled"),
    log:
        "results/logs/show/pooled.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("show_pooled"),
    shell:
        "python -m caseseries show pooled --settings {params.settings:q} > {log:q} 2>&1"
