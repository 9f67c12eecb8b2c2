package scorecard

import (
	"errors"
	"time"

	"github.com/prometheus/common/model"

	"obsready/checks"
)

// policyFile is obsready.toml. Its tags are the reference that PolicyReference prints; an example is the default
// wherever there is one. A nil field leaves the default.
type policyFile struct {
	Catalog      catalogSection          `toml:"catalog" doc:"how the catalog is read"`
	Sites        []siteSection           `toml:"site" doc:"a published site whose pages are built from files of the catalog"`
	Labels       labelsSection           `toml:"labels" doc:"your names for labels and annotations, the first that is found counts"`
	Levels       map[int]levelName       `toml:"levels" doc:"the level that each tier, 1 to 9, requires: none, bronze, silver or gold. as in 1 = \"gold\""`
	Points       pointsSection           `toml:"points" doc:"points of a check by its severity"`
	Thresholds   thresholdsSection       `toml:"thresholds" doc:"from where on something is good enough"`
	Calendar     calendarSection         `toml:"calendar" doc:"when weeks end, for --history"`
	Repositories repositoriesSection     `toml:"repositories" doc:"the repositories that services name"`
	Grafana      grafanaSection          `toml:"grafana" doc:"a live Grafana that is asked what it shows. its token is in the environment, as OBSREADY_GRAFANA_TOKEN, or in the file of --grafana-token-file"`
	Checks       map[string]checkSection `toml:"checks" doc:"what is different about one check, by its ID, as in [checks.alert-tested]"`
}

type catalogSection struct {
	Web             *string   `toml:"web" doc:"web address of the catalog's repository, for links. the default is that of its remote \"origin\"" example:"\"https://github.com/acme/catalog\""`
	Permalink       *string   `toml:"permalink" doc:"template of a link to a line. the default is made from web" example:"\"https://git.acme.example/catalog/blob/{commit}/{path}#L{line}\""`
	Ignore          *[]string `toml:"ignore" doc:"globs of paths that are not read, instead of the default ones" example:"[\"**/node_modules/**\", \"**/vendor/**\", \".git/**\"]"`
	NameAnnotations *[]string `toml:"name_annotations" doc:"annotations of Backstage entities that hold other names of the service" example:"[\"acme.example/metrics-job\"]"`
	MaxFileBytes    *int64    `toml:"max_file_bytes" min:"1024" doc:"larger files are not read, and reported as gaps" example:"8388608"`
	MaxPageBytes    *int64    `toml:"max_page_bytes" min:"1024" doc:"likewise for Markdown pages" example:"262144"`
}

type siteSection struct {
	URL    string   `toml:"url" required:"true" doc:"what the addresses begin with" example:"\"https://docs.acme.example/manual\""`
	Folder string   `toml:"folder" required:"true" doc:"the folder that the site is built from" example:"\"source/manual\""`
	Suffix []string `toml:"suffix" doc:"endings of the files in place of the address's own" example:"[\".html.md\", \".md\"]"`
}

type labelsSection struct {
	Service   *[]string `toml:"service" doc:"name the service, on rules, groups and resources, and as matchers in expressions" example:"[\"service\", \"app\", \"component\", \"job\", \"namespace\", \"service_name\", \"app_kubernetes_io_name\", \"app.kubernetes.io/name\", \"sloth_service\"]"`
	Team      *[]string `toml:"team" doc:"name the team that an alert goes to" example:"[\"team\", \"owner\", \"squad\"]"`
	Severity  *[]string `toml:"severity" doc:"say how urgent an alert is" example:"[\"severity\"]"`
	Runbook   *[]string `toml:"runbook" doc:"link an alert to its runbook" example:"[\"runbook_url\", \"runbook\", \"runbookURL\", \"playbook\", \"playbook_url\", \"sop_url\", \"sop\", \"documentation\"]"`
	Dashboard *[]string `toml:"dashboard" doc:"link an alert to its dashboard" example:"[\"dashboard_url\", \"dashboard\", \"dashboardUid\", \"__dashboardUid__\", \"grafana_dashboard\", \"grafana_url\"]"`
	Tier      *[]string `toml:"tier" doc:"state a Backstage entity's tier" example:"[\"tier\", \"criticality\"]"`
}

type pointsSection struct {
	Critical *float64 `toml:"critical" min:"0" max:"1000" doc:"points of a check of severity critical" example:"10"`
	High     *float64 `toml:"high" min:"0" max:"1000" doc:"likewise" example:"5"`
	Medium   *float64 `toml:"medium" min:"0" max:"1000" doc:"likewise" example:"3"`
	Low      *float64 `toml:"low" min:"0" max:"1000" doc:"likewise" example:"1"`
}

// thresholdsSection has a key for every field of checks.Settings.
type thresholdsSection struct {
	ClassLabels      *[]string `toml:"class_labels" doc:"rule labels that declare what an alert measures: symptom, cause or meta" example:"[\"alert_type\", \"alert_class\"]"`
	PageSeverities   *[]string `toml:"page_severities" doc:"severities that wake somebody" example:"[\"page\", \"critical\", \"sev1\", \"s1\", \"p1\"]"`
	PageReceivers    *[]string `toml:"page_receivers" doc:"globs of receivers of your Alertmanagers and of Grafana that wake somebody, beside those with PagerDuty or the like. once it is stated, a webhook that it does not name wakes nobody" example:"[]"`
	Severities       *[]string `toml:"severities" doc:"all your severities, the paging ones among them. an empty list accepts any" example:"[]"`
	ForMinimum       *duration `toml:"for_minimum" doc:"shortest \"for\" that counts against flapping" example:"\"1m\""`
	RateRangeMinimum *duration `toml:"rate_range_minimum" doc:"shortest range of rate() and increase(): twice your scrape interval" example:"\"2m\""`
	RunbookMaxAge    *duration `toml:"runbook_max_age" doc:"a runbook that nobody touched for longer is not fresh" example:"\"180d\""`
	RunbookMinWords  *int      `toml:"runbook_min_words" min:"1" max:"100000" doc:"fewer words of prose are no runbook" example:"40"`
	RunbookCopies    *int      `toml:"runbook_copies" min:"1" max:"100000" doc:"how many runbooks may share one text before none of them counts as written for its alert" example:"3"`
	LogRetention     *duration `toml:"log_retention" doc:"how long logs have to be kept" example:"\"90d\""`
	PagesPerService  *int      `toml:"pages_per_service" min:"0" max:"100000" doc:"more paging alerts than this are not few" example:"15"`
	OncallTiers      *int      `toml:"oncall_tiers" min:"0" max:"9" doc:"tiers up to this one need a rota and an escalation" example:"2"`
	EscalationLevels *int      `toml:"escalation_levels" min:"0" max:"9" doc:"how many are to be called in turn" example:"2"`
	SamplingMinimum  *float64  `toml:"sampling_minimum" min:"0" max:"1" doc:"smallest share of traces that is enough to see users being harmed" example:"0.01"`
	SamplingMaximum  *float64  `toml:"sampling_maximum" min:"0" max:"1" doc:"largest share of traces that is meant" example:"1"`
	SLOTiers         *int      `toml:"slo_tiers" min:"0" max:"9" doc:"tiers up to this one need an SLO" example:"2"`
	SLOWindowMinimum *duration `toml:"slo_window_minimum" doc:"shortest sensible window of an SLO" example:"\"7d\""`
	SLOWindowMaximum *duration `toml:"slo_window_maximum" doc:"longest sensible window of an SLO" example:"\"92d\""`

	ThreatModelMaxAge   *duration `toml:"threat_model_max_age" doc:"a threat model was looked at within this time" example:"\"366d\""`
	SBOMMaxAge          *duration `toml:"sbom_max_age" doc:"an SBOM was written within this time" example:"\"366d\""`
	RecoveryPlanMaxAge  *duration `toml:"recovery_plan_max_age" doc:"a recovery plan was looked at within this time" example:"\"184d\""`
	ExerciseMaxAge      *duration `toml:"exercise_max_age" doc:"recovery was exercised within this time" example:"\"366d\""`
	ExerciseMaxAgeTier1 *duration `toml:"exercise_max_age_tier1" doc:"the same for services of tier 1" example:"\"184d\""`
	AttestationMaximum  *duration `toml:"attestation_maximum" doc:"how far ahead somebody can vouch for what no file shows" example:"\"366d\""`
	ToilMaximum         *float64  `toml:"toil_maximum" min:"0" max:"100" doc:"largest share of a team's time that toil may take, in percent" example:"50"`
	ToilLarge           *float64  `toml:"toil_large" min:"0" doc:"hours a year from which a manual task is a large one" example:"20"`
	AutomateItems       *int      `toml:"automate_items" min:"0" doc:"how many of the largest manual tasks need an automation ticket" example:"3"`
	AlertAsleepMaximum  *duration `toml:"alert_asleep_maximum" doc:"the longest time that an alert of a live Grafana may be paused, silenced or firing" example:"\"60d\""`
	LiveMaxAge          *duration `toml:"live_max_age" doc:"how far from the day of judgement what a Grafana showed still tells of it" example:"\"7d\""`
}

type checkSection struct {
	State    string `toml:"state" enum:"on,announced,off" doc:"announced: shown, not counted. off: not asked" example:"\"announced\""`
	Severity string `toml:"severity" enum:"low,medium,high,critical" doc:"instead of the check's own" example:"\"low\""`
	Level    string `toml:"level" enum:"bronze,silver,gold" doc:"instead of the check's own" example:"\"gold\""`
}

// duration is a Prometheus duration, as in "90d", "2m" or "1h30m".
type duration time.Duration

func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := model.ParseDuration(string(text))
	if err != nil {
		return errors.New(`expected a duration, as in "90d", "12h" or "1h30m"`)
	}
	*d = duration(parsed)
	return nil
}

// levelName is a level by its word.
type levelName checks.Level

func (l *levelName) UnmarshalText(text []byte) error {
	parsed, err := checks.ParseLevel(string(text))
	*l = levelName(parsed)
	return err
}
