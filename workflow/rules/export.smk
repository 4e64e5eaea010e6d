rule export:
    message:
        "export {wildcards.cohort}"
    input:
        **inputs("export"),
    output:
        **outputs("export"),
    params:
        sources=sources,
        settings=settings("export"),
    log:
        "results/logs/export/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("export"),
    shell:
        "python -m caseseries export {wildcards.cohort:q} --settings {params.settings:q} > {log:q} 2>&1"


rule export_across:
    message:
        "export across cohorts"
    input:
        **inputs("export_across"),
    output:
        **outputs("export_across"),
    params:
        sources=sources,
        settings=settings("export_across"),
    log:
        "results/logs/export/pooled.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("export_across"),
    shell:
        "python -m caseseries export pooled --settings {params.settings:q} > {log:q} 2>&1"
