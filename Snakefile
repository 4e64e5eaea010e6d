from snakemake.utils import min_version

min_version("9.27")


configfile: "config/config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/definitions.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/reconstruct.smk"
include: "workflow/rules/classify.smk"
include: "workflow/rules/estimate.smk"
include: "workflow/rules/audit.smk"
include: "workflow/rules/pool.smk"
include: "workflow/rules/reconcile.smk"
include: "workflow/rules/recompute.smk"
include: "workflow/rules/disclose.smk"
include: "workflow/rules/show.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/export.smk"
include: "workflow/rules/seal.smk"


rule all:
    default_target: True
    input:
        of_cohorts(*results()),
