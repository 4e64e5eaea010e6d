# What R says of the cohorts and pools that test_reference_live.py made up: Rscript live.R FOLDER
needed <- c("survival", "cmprsk", "metafor", "lme4")
missing <- needed[!vapply(needed, requireNamespace, logical(1), quietly = TRUE)]
if (length(missing)) { cat(missing); quit(status = 9) }
suppressMessages({library(survival); library(cmprsk); library(metafor); library(lme4)})
folder <- commandArgs(TRUE)[1]
options(digits = 17)
cohorts <- read.csv(file.path(folder, "cohorts.csv"))
pools <- read.csv(file.path(folder, "pools.csv"))
curves <- incidence <- summaries <- pooled <- list()

for (cohort in unique(cohorts$cohort)) {
  d <- cohorts[cohorts$cohort == cohort, ]
  km <- survfit(Surv(time, cause == 1) ~ 1, data = d, conf.type = "log-log")
  curves[[length(curves) + 1]] <- data.frame(cohort, time = km$time, at_risk = km$n.risk, events = km$n.event,
    survival = km$surv, lower = km$lower, upper = km$upper)
  cif <- survfit(Surv(time, factor(cause, levels = 0:2)) ~ 1, data = d)
  for (k in 1:2) incidence[[length(incidence) + 1]] <- data.frame(cohort, cause = k, time = cif$time,
    at_risk = cif$n.risk[, 1], incidence = cif$pstate[, k + 1], std_error = cif$std.err[, k + 1])
  q <- quantile(km, 0.5)
  mean <- summary(km, rmean = max(d$time))$table
  gray <- cuminc(d$time, d$cause, d$group)$Tests
  summaries[[length(summaries) + 1]] <- data.frame(cohort,
    median = q$quantile, median_lower = q$lower, median_upper = q$upper,
    rmean = mean[["rmean"]], rmean_se = mean[["se(rmean)"]],
    log_rank = survdiff(Surv(time, cause == 1) ~ group, data = d)$chisq,
    peto = survdiff(Surv(time, cause == 1) ~ group, data = d, rho = 1)$chisq,
    gray = gray["1", "stat"],
    fisher = fisher.test(table(factor(d$group, 0:1), factor(d$cause == 1, c(FALSE, TRUE))))$p.value,
    exact_lower = binom.test(sum(d$cause == 1), nrow(d))$conf.int[1],
    exact_upper = binom.test(sum(d$cause == 1), nrow(d))$conf.int[2],
    score_lower = suppressWarnings(prop.test(sum(d$cause == 1), nrow(d), correct = FALSE)$conf.int[1]),
    score_upper = suppressWarnings(prop.test(sum(d$cause == 1), nrow(d), correct = FALSE)$conf.int[2]))
}
for (pool in unique(pools$pool)) {
  d <- pools[pools$pool == pool, ]
  d$member <- factor(seq_len(nrow(d)))
  m <- suppressMessages(glmer(cbind(x, n - x) ~ 1 + (1 | member), data = d, family = binomial, nAGQ = 50))
  r <- rma(measure = "PLO", xi = d$x, ni = d$n, method = "REML", test = "adhoc", add = 1/2, to = "only0",
           control = list(threshold = 1e-12, maxiter = 10000))
  pooled[[length(pooled) + 1]] <- data.frame(pool, mu = fixef(m)[[1]], se = sqrt(vcov(m)[1]),
    tau2 = VarCorr(m)$member[1], adhoc_mu = r$beta[[1]], adhoc_se = r$se, adhoc_tau2 = r$tau2,
    adhoc_q = r$QE, adhoc_q_p = r$QEp, heaviest = max(weights(r)) / 100)
}
for (name in c("curves", "incidence", "summaries", "pooled"))
  write.csv(do.call(rbind, get(name)), file.path(folder, paste0(name, ".csv")), row.names = FALSE)
