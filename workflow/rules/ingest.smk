rule ingest:
    message:
        "ingest {wildcards.cohort}"
    wildcard_constraints:
        cohort=small(),
    input:
        **inputs("ingest"),
    output:
        **outputs("ingest"),
    params:
        sources=sources,
    log:
        "results/logs/ingest/{cohort}.log",
    conda:
        "../envs/caseseries.yaml"
    resources:
        **needs("ingest"),
    shell:
        "python -m caseseries ingest {wildcards.cohort:q} > {log:q} 2>&1"


# A large cohort is no group of a cluster's jobs with what follows: its shards are jobs of their own in between.
use rule ingest as ingest_large with:
    wildcard_constraints:
        cohort=large(),
