package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// All gives every check in report order: by pillar, the surest foundations first. The slice is the caller's.
func All() []*Check {
	return slices.Concat(ownershipChecks, metricsChecks, logsChecks, tracesChecks, dashboardChecks, sloChecks, alertChecks, runbookChecks,
		threatChecks, secureChecks, supplyChecks, deliveryChecks, recoveryChecks, learningChecks, toilChecks)
}

// The list, a slice for each pillar. A check is not in the product until it stands here.
var (
	ownershipChecks = []*Check{ownerTeam, ownerContact, ownerOncall, ownerCodeowners, serviceDescribed, serviceDependencies}
	metricsChecks   = []*Check{metricsCollected, metricsGoldenSignals, metricsLatencyHistogram, metricsNames, metricsLive}
	logsChecks      = []*Check{logsCollected, logsStructured, logsCorrelated, logsRetention, logsRedacted, logsLive}
	tracesChecks    = []*Check{tracesCollected, tracesIdentity, tracesSampling, tracesPropagation, collectorPipelineSound, tracesLive}
	dashboardChecks = []*Check{dashboardExists, dashboardJourney, dashboardGoldenSignals, dashboardQuality, dashboardSLO, dashboardLive, dashboardDrift, sourcesLive}
	sloChecks       = []*Check{sloDefined, sloValid, sloDimensions, sloIndicator, sloAlerted, sloBurnRate, sloBudgetPolicy}
	alertChecks     = []*Check{alertSymptom, alertJourney, alertPageSymptom, alertAbsent, alertActionable, alertUrgent, alertOwned, alertRunbook, alertDashboard, alertExpression, alertTested, alertLive, alertAwake, alertReceived}
	runbookChecks   = []*Check{runbookExists, runbookSections, runbookSubstantive, runbookFresh, runbookLinks, runbookCoverage}

	threatChecks   = []*Check{threatModelExists, threatModelQuestions, threatModelFresh, threatMitigations, dataClassified, exposureStated}
	secureChecks   = []*Check{securityRoles, securityTraining, securityReview, securityTesting, vulnerabilityResponse, secretsAbsent}
	supplyChecks   = []*Check{dependenciesScanned, dependenciesLocked, sbomPresent, artifactsSigned, secretsScanned, imagesScanned, licencesChecked, dependenciesReviewed}
	deliveryChecks = []*Check{ciLeastPrivilege, ciUntrustedInput, ciProtectedBranches, ciRequiredChecks, ciSecretFreeLogs, ciEnvironmentsSeparated, ciProductionApproval, ciDeployHistory, ciActionsPinned, securityCheckEarly}
	recoveryChecks = []*Check{incidentProcess, recoveryObjectives, recoveryPlan, recoveryExercised, rollbackReady, restoreTested}
	learningChecks = []*Check{postmortemComplete, postmortemActions, postmortemFollowedThrough, postmortemBlameless}
	toilChecks     = []*Check{toilTracked, toilBudget, toilAutomation}
)

// ByID gives the checks of the given IDs in report order. An unknown ID is an error that lists the known ones.
func ByID(ids ...string) ([]*Check, error) { return Among(All(), ids...) }

// Among is [ByID] with a catalog's own checks among all.
func Among(all []*Check, ids ...string) ([]*Check, error) {
	var found []*Check
	for _, c := range all {
		if slices.Contains(ids, c.ID) {
			found = append(found, c)
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(all, func(c *Check) bool { return c.ID == id }) {
			known := make([]string, len(all))
			for i, c := range all {
				known[i] = c.ID
			}
			return nil, fmt.Errorf("unknown check %q%s expected one of %s", id, cmp.Or(suggest(id, known), "."), strings.Join(known, ", "))
		}
	}
	return found, nil
}
