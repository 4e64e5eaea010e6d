rule definitions:
    message:
        "definitions"
    input:
        files=sorted(str(file) for file in Path("config/definitions").rglob("*.yaml")),
        code=code("model", "words", "response"),
    output:
        catalogue="results/release/definitions.json",
    params:
        sources=sources,
    log:
        "results/logs/definitions.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        mem_mb=1000,
    shell:
        "python -m caseseries definitions write > {log:q} 2>&1"
