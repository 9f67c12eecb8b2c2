package checks

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"obsready/catalog"
)

var logsRetention = &Check{
	ID:       "logs-retention",
	Title:    "Logs are kept long enough, and it is stated how long",
	Why:      "Harm is often noticed weeks later: by a customer's complaint, an invoice, an audit. Logs that are deleted by then leave the cause unknown.",
	Fix:      "Find out how long the log store keeps the service's lines, set it to at least what the policy asks, and state it in the entry: `logging.retention = \"90d\"`.",
	Source:   "Logging policies of service catalog scorecards, which ask for 90 days. The policy sets it: `log_retention`.",
	Pillar:   Logs,
	Question: Know,
	Severity: Low,
	Level:    Gold,
	Needs:    []catalog.Kind{catalog.Services},
	Run: func(in *Inspection) {
		if len(collectedLogs(in)) == 0 {
			return
		}
		stated, want := in.Service.Logging.Retention, in.Settings.LogRetention
		kept, ok := retention(stated.Value)
		switch {
		case stated.Value == "":
			in.Missingf(in.Service.At, "the entry does not say how long logs are kept. set logging.retention, %s at least", days(want))
		case !ok:
			in.Undecidedf(stated.At, "logging.retention %q is no duration. write it as in %q", stated.Value, days(want))
		case kept < want:
			in.Unmetf(stated.At, "logging.retention %q is shorter than %s. keep logs longer", stated.Value, days(want))
		default:
			in.Metf(stated.At, "logs are kept for %q", stated.Value)
		}
	},
}

// forever is longer than any retention that is asked for.
const forever = time.Duration(1<<63 - 1)

const day = 24 * time.Hour

var retentionWords = regexp.MustCompile(`^(\d{1,5})\s*(hour|day|week|month|year)s?$`)

// isoPeriod is an ISO 8601 duration of one unit, as in P90D.
var isoPeriod = regexp.MustCompile(`^p(\d{1,5})([dwmy])$`)

var retentionUnits = map[string]time.Duration{
	"hour": time.Hour, "day": day, "week": 7 * day, "month": 30 * day, "year": 365 * day,
	"d": day, "w": 7 * day, "m": 30 * day, "y": 365 * day,
}

// retention reads how long something is kept: a Prometheus duration ("90d"), one unit in words ("3 months", of 30 days
// each), an ISO 8601 period ("P90D"), or a word for ever.
func retention(text string) (time.Duration, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	switch text {
	case "forever", "unlimited", "indefinite", "indefinitely", "infinite":
		return forever, true
	}
	for _, form := range []*regexp.Regexp{retentionWords, isoPeriod} {
		if m := form.FindStringSubmatch(text); m != nil {
			n, err := strconv.Atoi(m[1])
			return min(time.Duration(n), time.Duration(forever/retentionUnits[m[2]])) * retentionUnits[m[2]], err == nil
		}
	}
	d, err := model.ParseDuration(text)
	return time.Duration(d), err == nil
}

// days writes a duration in whole days where it is one.
func days(d time.Duration) string {
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	return model.Duration(d).String()
}
