package recovery

import (
	"strings"
	"testing"
)

// commands are one text for each alternative of the patterns that signs stand for, and some that come close.
var commands = []string{
	"kubectl rollout undo deployment/shop", "HELM ROLLBACK shop 3", "argocd app rollback shop", "git revert HEAD", "sh deploy/rollback-all.sh", "flyctl releases -a shop",
	"heroku releases:rollback v3", "heroku rollback", "nomad job revert shop 3", "gcloud run services update-traffic shop --to-revisions a=100",
	"aws ecs update-service --cluster a --task-definition shop:3", "cf rollback shop", "vercel rollback", "docker service rollback shop", "docker service update --rollback shop",
	"make rollback", "cap production deploy:rollback", "It is automatically rolled back.", "The controller rolls the release back automatically",
	"helm rollbac\u212a shop", "gcloud run \u017fervices update-traffic", "a\u017fk for a rollback.\u017fh", "roll forward", "revert the change", "",
}

func checkSigns(t *testing.T, text string) {
	t.Helper()
	if says := rollbackCommand.MatchString(text) || automatic.MatchString(text); says && !maySay(text) {
		t.Errorf("%q says how a release is taken back, and its signs are not seen", text)
	}
}

func TestSignsOfRollback(t *testing.T) {
	seen := 0
	for _, text := range commands {
		checkSigns(t, text)
		checkSigns(t, strings.ToUpper(text))
		if maySay(text) {
			seen++
		}
	}
	if seen > len(commands)-2 {
		t.Errorf("signs are seen in %d of %d texts, so that they tell nothing", seen, len(commands))
	}
}

func FuzzSignsOfRollback(f *testing.F) {
	for _, text := range commands {
		f.Add(text)
	}
	f.Fuzz(checkSigns)
}
