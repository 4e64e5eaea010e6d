rule report:
    message:
        "report"
    input:
        **inputs("report"),
    output:
        **outputs("report", report=the_report),
    params:
        sources=sources,
        settings=settings("report"),
    log:
        "results/logs/report.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("report"),
    shell:
        "python -m caseseries report --settings {params.settings:q} > {log:q} 2>&1"
