rule seal:
    message:
        "seal the release"
    input:
        **inputs("seal"),
    output:
        **outputs("seal"),
    params:
        sources=sources,
        settings=settings("seal"),
        configuration=CONFIGURATION,
    log:
        "results/logs/seal.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("seal"),
    shell:
        "python -m caseseries seal --settings {params.settings:q} --configfile {params.configuration:q} > {log:q} 2>&1"
