# Writes reference_more.json: late entry, agreement and the safeguarded Hartung-Knapp interval, which the other two
# files lack. Run in this folder: Rscript reference_more.R
# Debian 12: r-cran-survival, r-cran-etm, r-cran-vcd, r-cran-metafor, r-cran-jsonlite.
suppressMessages({library(survival); library(etm); library(vcd); library(metafor); library(jsonlite)})
item <- function(call, package, value, note = "") list(
  call = call, package = paste(package, packageVersion(package)), note = note, value = value)
out <- list()

itp <- read.csv("data/itp.csv")
for (cohort in c("A", "E", "F")) {
  d <- itp[itp$cohort == cohort, ]
  # entry by row number, always before the time: 0, .5 and half of the time in turn
  i <- seq_len(nrow(d)) %% 3
  d$entry <- ifelse(i == 0, 0, ifelse(i == 1, pmin(.5, d$time / 4), d$time / 2))
  km <- survfit(Surv(entry, time, status == 1) ~ 1, data = d, conf.type = "log-log")
  out[[paste0("entry/itp_", cohort, "/km")]] <- item(
    "survfit(Surv(entry, time, status == 1) ~ 1, conf.type = 'log-log')", "survival",
    list(entry = d$entry, time = km$time, n.risk = km$n.risk, surv = km$surv, std.err = km$std.err,
         lower = km$lower, upper = km$upper), "std.err is Greenwood's, on the log scale")
  cif <- summary(etmCIF(Surv(entry, time, status != 0) ~ 1, data = d, etype = status), ci.fun = "cloglog")[[1]][[1]]
  out[[paste0("entry/itp_", cohort, "/cif")]] <- item(
    "summary(etmCIF(Surv(entry, time, status != 0) ~ 1, etype = status), ci.fun = 'cloglog')", "etm",
    list(entry = d$entry, time = cif$time, P = cif$P, var = cif$var, lower = cif$lower, upper = cif$upper))
}

tables <- list(balanced = c(20, 5, 10, 15), rare = c(40, 2, 1, 1), three = c(13, 0, 0, 0, 20, 7, 0, 4, 56))
for (name in names(tables)) {
  m <- matrix(tables[[name]], nrow = sqrt(length(tables[[name]])), byrow = TRUE)
  k <- Kappa(m)
  ci <- confint(k)["Unweighted", ]
  out[[paste0("kappa/", name)]] <- item("Kappa(m)$Unweighted; confint(Kappa(m))", "vcd",
    list(table = m, kappa = k$Unweighted[[1]], se = k$Unweighted[[2]], ci = ci))
}

pools <- list(itp_pool = NULL, equal = list(x = c(2, 4, 6), n = c(4, 8, 12)), near = list(x = c(5, 9, 7), n = c(10, 20, 15)),
              apart = list(x = c(3, 9, 5, 2, 7), n = c(4, 10, 12, 9, 8)))
pool <- read.csv("data/itp_pool.csv")
pools$itp_pool <- list(x = pool$x, n = pool$n)
for (name in names(pools)) {
  p <- pools[[name]]
  r <- rma(measure = "PLO", xi = p$x, ni = p$n, method = "REML", test = "adhoc", add = 1/2, to = "only0",
           control = list(threshold = 1e-12, maxiter = 10000))
  out[[paste0("adhoc/", name)]] <- item("rma(measure = 'PLO', xi, ni, method = 'REML', test = 'adhoc')", "metafor",
    list(x = p$x, n = p$n, mu = r$beta[[1]], se = r$se, ci = c(r$ci.lb, r$ci.ub), tau2 = r$tau2, I2 = r$I2,
         Q = r$QE, Q_p = r$QEp, weights = unname(weights(r)) / 100))
}

# Grambsch and Therneau's test of 1994 out of R's own residuals: cox.zph of survival 3 is a score test instead.
proportional <- function(d, columns) {
  f <- coxph(reformulate(columns, "Surv(time, status == 1)"), data = d, ties = "efron")
  g <- rank(sort(d$time[d$status == 1]))
  g <- g - mean(g)
  s <- length(g) * as.matrix(residuals(f, "schoenfeld")) %*% vcov(f)
  chisq <- colSums(g * s)^2 / (length(g) * diag(vcov(f)) * sum(g^2))
  list(terms = columns, chisq = unname(chisq), p = unname(pchisq(chisq, 1, lower.tail = FALSE)))
}
call <- paste("s <- D residuals(coxph(Surv(time, status == 1) ~ x, ties = 'efron'), 'schoenfeld') %*% vcov(f);",
              "sum((g - mean(g)) s)^2 / (D vcov(f) sum((g - mean(g))^2)), g = rank of the event times")
itp$tpo <- as.integer(itp$arm == "tpo")
out[["proportional/veteran/karno"]] <- item(call, "survival", proportional(read.csv("data/veteran.csv"), "karno"))
out[["proportional/itp/tpo"]] <- item(call, "survival", proportional(itp, "tpo"), "many ties")
out[["proportional/itp/age"]] <- item(call, "survival", proportional(itp, "age"), "many ties")
write(toJSON(list(meta = list(R = R.version.string), items = out), digits = 17, na = "null", auto_unbox = TRUE,
             pretty = TRUE), "reference_more.json")
