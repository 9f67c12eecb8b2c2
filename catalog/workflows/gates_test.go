package workflows

import (
	"fmt"
	"strings"
	"testing"

	"obsready/catalog"
)

// summary writes tools as "name purpose" with "(why)" where they do not gate.
func summary(tools []catalog.Tool) string {
	var all []string
	for _, t := range tools {
		s := t.Name + " " + string(t.Purpose)
		if t.Unsure {
			s += " (perhaps: " + t.Why + ")"
		} else if !t.Gates {
			s += " (" + t.Why + ")"
		}
		all = append(all, s)
	}
	return strings.Join(all, "; ")
}

// scriptTools gives the tools of a script in a job of its own.
func scriptTools(sh Shell, script string, at func(line, col int) catalog.Place) []catalog.Tool {
	tools, _ := sh.Read(script, at)
	return alone(tools)
}

// actionTools gives the tools of an action in a job of its own.
func actionTools(uses string, with []catalog.Label) []catalog.Tool {
	return alone(UsedTools(Action, uses, with))
}

// alone gives what is left of tools when they are those of a whole job.
func alone(tools []catalog.Tool) []catalog.Tool {
	j := catalog.Job{Steps: []catalog.Step{{Tools: tools}}}
	ForgetTests(&j, nil)
	return j.Steps[0].Tools
}

const (
	lost = "its exit code is lost in a pipe, as `pipefail` is not set"
	off  = "the script goes on after it fails, as `set -e` is not in force"
)

// TestGates runs scripts as GitHub does by default: `bash -e`, no pipefail.
func TestGates(t *testing.T) {
	for script, want := range map[string]string{
		// plain use
		"gitleaks detect":                                       "gitleaks secret scan",
		"cd app\ngitleaks dir .\necho done":                     "gitleaks secret scan",
		"./bin/gitleaks git --redact":                           "gitleaks secret scan",
		"sudo -u build -E gitleaks detect":                      "gitleaks secret scan",
		"npx --yes snyk@1.1290 test":                            "snyk dependency scan",
		"go run golang.org/x/vuln/cmd/govulncheck@latest ./...": "govulncheck dependency scan",
		"go tool govulncheck ./...":                             "govulncheck dependency scan",
		"uv run --with x bandit -r src":                         "bandit static analysis",
		"python3 -m pip_audit -r requirements.txt":              "pip-audit dependency scan",
		"timeout 5m env A=b grype dir:. --fail-on high":         "grype dependency scan",
		"git ls-files | xargs -n 1 hadolint":                    "hadolint configuration scan",
		"time gosec ./...":                                      "gosec static analysis",

		// what the tool itself makes of its findings
		"trivy image app":                                               "trivy image scan (--exit-code is not set)",
		"trivy image --exit-code 1 app":                                 "trivy image scan",
		"trivy --quiet image --exit-code=1 app":                         "trivy image scan",
		"trivy image --exit-code 0 app":                                 "trivy image scan (--exit-code is 0)",
		"trivy image --exit-code $CODE app":                             "trivy image scan (perhaps: --exit-code is not known before the run)",
		"trivy image $TRIVY_ARGS app":                                   "trivy image scan (perhaps: --exit-code is not known before the run)",
		"TRIVY_EXIT_CODE=1 trivy image app":                             "trivy image scan",
		"trivy fs --scanners vuln --exit-code 1 .":                      "trivy dependency scan",
		"trivy fs --exit-code 1 .":                                      "trivy dependency scan; trivy secret scan",
		"trivy config --exit-code 1 .":                                  "trivy configuration scan",
		"trivy image --format cyclonedx -o bom app":                     "trivy SBOM",
		"gitleaks detect --exit-code 0":                                 "gitleaks secret scan (--exit-code is 0)",
		"gitleaks detect --exit-code=2":                                 "gitleaks secret scan",
		"trufflehog git file://. --fail":                                "trufflehog secret scan",
		"trufflehog git file://.":                                       "trufflehog secret scan (--fail is not set)",
		"ggshield secret scan ci --exit-zero":                           "ggshield secret scan (--exit-zero is set)",
		"detect-secrets scan > .secrets.baseline":                       "detect-secrets secret scan (`detect-secrets scan` only writes what it finds)",
		"git diff --name-only | xargs detect-secrets-hook --baseline b": "detect-secrets secret scan",
		"semgrep ci":                                              "semgrep static analysis",
		"semgrep scan --config auto":                              "semgrep static analysis (--error is not set)",
		"semgrep scan --config auto --error":                      "semgrep static analysis",
		"semgrep --config=p/ci --error .":                         "semgrep static analysis",
		"checkov -d . --soft-fail":                                "checkov configuration scan (--soft-fail is set)",
		"checkov -d . -s":                                         "checkov configuration scan (-s is set)",
		"tfsec . --soft-fail":                                     "tfsec configuration scan (--soft-fail is set)",
		"gosec -no-fail ./...":                                    "gosec static analysis (-no-fail is set)",
		"gosec --no-fail ./...":                                   "gosec static analysis (-no-fail is set)",
		"hadolint --no-fail Dockerfile":                           "hadolint configuration scan (--no-fail is set)",
		"hadolint --failure-threshold none Dockerfile":            "hadolint configuration scan (--failure-threshold is none)",
		"grype app:1":                                             "grype image scan (--fail-on is not set)",
		"grype \"$IMAGE\" -f high":                                "grype image scan",
		"grype sbom:./bom.json --fail-on critical":                "grype dependency scan",
		"govulncheck -json ./...":                                 "govulncheck dependency scan (-json is set)",
		"govulncheck -format sarif ./...":                         "govulncheck dependency scan (-format is sarif)",
		"npm audit --audit-level=high":                            "npm audit dependency scan",
		"npm audit --audit-level=none":                            "npm audit dependency scan (--audit-level is none)",
		"npm --prefix web audit":                                  "npm audit dependency scan",
		"snyk monitor":                                            "snyk dependency scan (`snyk monitor` only reports to Snyk)",
		"bandit -r . --exit-zero":                                 "bandit static analysis (--exit-zero is set)",
		"golangci-lint run -E gosec":                              "gosec static analysis",
		"kubescape scan .":                                        "kubescape configuration scan (--severity-threshold is not set)",
		"dockle --exit-code 1 app":                                "dockle image scan",
		"./gradlew dependencyCheckAnalyze":                        "dependency-check dependency scan (the Gradle plug-in fails at no score unless failBuildOnCVSS is set in the build file, which is not read)",
		"mvn -B verify sonar:sonar -Dsonar.qualitygate.wait=true": "sonarqube static analysis; maven tests test",
		"cargo deny check advisories":                             "cargo deny dependency scan",
		"cargo deny check":                                        "cargo deny dependency scan; cargo deny licence check",
		"go-licenses report ./...":                                "go-licenses licence check (`go-licenses report` only lists)",
		"docker run --rm -v $PWD:/src -w /src aquasec/trivy:0.50.0 fs --scanners vuln --exit-code 1 .": "trivy dependency scan",
		"docker run --rm -i hadolint/hadolint < Dockerfile":                                            "hadolint configuration scan",
		"docker run --rm golang:1.24 go test ./...":                                                    "go test test",
		"docker run --rm --entrypoint sh zricethezav/gitleaks -c 'gitleaks detect || true'":            `gitleaks secret scan (the command ends in "|| true")`,

		// what the shell makes of a failure
		"gitleaks detect || true":                                              `gitleaks secret scan (the command ends in "|| true")`,
		"gitleaks detect || :":                                                 `gitleaks secret scan (the command ends in "|| :")`,
		"gitleaks detect || echo found":                                        `gitleaks secret scan (the command ends in "|| echo …")`,
		"gitleaks detect || exit 0":                                            `gitleaks secret scan (the command ends in "|| exit 0")`,
		"gitleaks detect || exit 1":                                            "gitleaks secret scan",
		"gitleaks detect || { echo leaks; exit 1; }":                           "gitleaks secret scan",
		"gitleaks detect || false":                                             "gitleaks secret scan",
		"gitleaks detect || rc=$?\necho ::group::\nexit $rc":                   "gitleaks secret scan",
		"gitleaks detect || rc=$?\necho $rc":                                   `gitleaks secret scan (the command ends in "|| …")`,
		"set +e\ngitleaks detect\necho done":                                   "gitleaks secret scan (" + off + ")",
		"set +e\ngitleaks detect":                                              "gitleaks secret scan",
		"set +e\ngitleaks detect\nrc=$?\nexit $rc":                             "gitleaks secret scan",
		"set +e\ngitleaks detect; true":                                        "gitleaks secret scan (" + off + ")",
		"gitleaks detect; true":                                                "gitleaks secret scan", // bash -e ends at the failure
		"set +e\nset -e\ngitleaks detect\necho done":                           "gitleaks secret scan",
		"gitleaks detect | tee log":                                            "gitleaks secret scan (" + lost + ")",
		"set -o pipefail\ngitleaks detect | tee log":                           "gitleaks secret scan",
		"set -euo pipefail\ngitleaks detect | tee log":                         "gitleaks secret scan",
		"cat image | gitleaks stdin":                                           "gitleaks secret scan",
		"gitleaks detect &\nwait":                                              "gitleaks secret scan (it runs in the background)",
		"! gitleaks detect":                                                    `gitleaks secret scan (its result is turned round by "!")`,
		"if gitleaks detect; then echo clean; fi":                              "gitleaks secret scan (it is the condition of an if that goes on)",
		"if ! gitleaks detect; then exit 1; fi":                                "gitleaks secret scan",
		"if gitleaks detect; then echo ok; else echo no; exit 2; fi":           "gitleaks secret scan",
		"if [ -f x ]; then gitleaks detect; fi":                                "gitleaks secret scan",
		"until gitleaks detect; do sleep 1; done":                              "gitleaks secret scan (it is the condition of a loop)",
		"for d in a b; do gitleaks dir $d; done":                               "gitleaks secret scan",
		"gitleaks detect && echo clean":                                        "gitleaks secret scan",
		"gitleaks detect && echo clean\necho bye":                              `gitleaks secret scan (a failure before "&&" does not stop the script)`,
		"(gitleaks detect)\necho bye":                                          "gitleaks secret scan",
		"(gitleaks detect; exit 0) || true":                                    "gitleaks secret scan (" + off + ")",
		"out=$(gitleaks detect)\necho $out":                                    "gitleaks secret scan",
		"echo \"$(gitleaks detect)\"":                                          "gitleaks secret scan (its exit code is lost inside another command)",
		"export out=$(gitleaks detect)":                                        `gitleaks secret scan (its exit code is lost in "export")`,
		"diff <(gitleaks detect) want":                                         "gitleaks secret scan (its exit code is lost in a process substitution)",
		"scan() { gitleaks detect; }\nscan || true":                            `gitleaks secret scan (the command ends in "|| true")`,
		"scan() { gitleaks detect; }\nscan":                                    "gitleaks secret scan",
		"scan() { gitleaks detect; }":                                          "",
		"bash -c 'gitleaks detect; echo done'":                                 "gitleaks secret scan (" + off + ")",
		"bash -ec 'gitleaks detect; echo done'":                                "gitleaks secret scan",
		"case $1 in a) gitleaks detect || true ;; esac":                        `gitleaks secret scan (the command ends in "|| true")`,
		"for i in 1 2 3; do if gitleaks detect; then exit 0; fi; done\nexit 1": "gitleaks secret scan",

		"set +e\ngitleaks detect\nif [ $? -ne 0 ]; then exit 1; fi\necho clean":   "gitleaks secret scan",
		"set +e\ngitleaks detect\ncase $? in 0) ;; *) exit 1 ;; esac\necho clean": "gitleaks secret scan",
		"govulncheck -json ./... > v.json\n[ -s v.json ] && exit 1":               "govulncheck dependency scan (perhaps: -json is set, unless the script itself judges what it writes)",

		// no use of a tool
		"echo gitleaks detect":                                 "",
		"echo \"run: gitleaks detect\"":                        "",
		"gitleaks version":                                     "",
		"trivy --version && grype --help":                      "",
		"go install github.com/zricethezav/gitleaks/v8@latest": "",
		"pip install bandit semgrep":                           "",
		"brew install gitleaks trivy":                          "",
		"command -v gitleaks":                                  "",
		"which gitleaks":                                       "",
		"# gitleaks detect":                                    "",
		"cat <<EOF\ngitleaks detect\nEOF":                      "",
		"trivy image --download-db-only":                       "",
		"npm audit fix":                                        "",
		"npm run audit":                                        "",
		"$TOOL detect":                                         "",
		"if command; then":                                     "", // does not parse
		"#!/usr/bin/env python3\ngitleaks = 'detect'":          "",
		"cosign verify app":                                    "",
		"helm upgrade app ./chart --dry-run":                   "",
		"kubectl get pods":                                     "",
		"terraform plan":                                       "",
		"goreleaser release --snapshot":                        "",

		// what is built, signed, published, deployed
		"docker buildx build --push --sbom=true --provenance=mode=max -t app .": "buildx build provenance; buildx SBOM; docker image build; docker publish",
		"cosign sign --yes app@$DIGEST":                                         "cosign signing",
		"cosign attest --type slsaprovenance --predicate p app":                 "cosign build provenance; cosign signing",
		"cosign attest --type=https://slsa.dev/provenance/v1 --predicate p app": "cosign build provenance; cosign signing",
		"cosign attest --type spdxjson --predicate sbom.json app":               "", // says what is in it, and neither how it was built nor by whom
		"cosign attest --type cyclonedx --predicate sbom.json app":              "",
		"cosign attest --type vuln --predicate scan.json app":                   "",
		"cosign attest-blob --predicate sbom.json app.tar":                      "",
		"cosign sign-blob --yes --bundle app.sbom.bundle app.tar":               "cosign signing",
		"cosign sign-blob --yes --bundle sbom.cdx.json.bundle sbom.cdx.json":    "",
		"cosign sign --attachment sbom app":                                     "",
		"cf7 push shop --strategy rolling":                                      "cloud foundry deployment",
		"deployer deploy shop":                                                  "",
		"cargo vet --locked":                                                    "cargo vet dependency review",
		"cargo vet init":                                                        "",
		"npm publish --provenance":                                              "npm build provenance; npm publish",
		"kubectl -n shop apply -f k8s":                                          "kubectl deployment",
		"kubectl rollout undo deployment/shop":                                  "kubectl rollback",
		"helm -n shop upgrade --install shop ./chart --atomic":                  "helm deployment; helm rollback",
		"helm rollback shop 3":                                                  "helm rollback",
		"kind create cluster\nkubectl apply -f k8s":                             "",
		"kubectl config use-context kind-kind\nhelm upgrade --install shop .":   "",
		"localstack start -d\nterraform apply -auto-approve":                    "",
		"docker run -d localstack/localstack\ncdk deploy":                       "",
		"docker swarm init\ndocker stack deploy -c compose.yaml shop":           "",
		"docker compose up -d --build":                                          "",
		"kubectl --context kind-test apply -f k8s":                              "",
		"helm --kube-context minikube upgrade --install shop .":                 "",
		"aws --endpoint-url http://localhost:4566 cloudformation deploy":        "",
		"AWS_ENDPOINT_URL=http://localstack:4566 terraform apply":               "",
		"helm --kube-context production upgrade --install shop .":               "helm deployment",
		"gcloud run deploy shop --image app":                                    "gcloud deployment",
		"aws --region eu-west-1 ecs update-service --service shop":              "aws ecs deployment",
		"terraform -chdir=infra apply -auto-approve":                            "terraform deployment",
	} {
		if got := summary(scriptTools(Shell{ErrExit: true}, script, nil)); got != want {
			t.Errorf("%s\n\tgot  %s\n\twant %s", script, got, want)
		}
	}
}

// TestTaskRunners recognises tests that are run by the name of a task, and no other tasks.
func TestTaskRunners(t *testing.T) {
	for script, want := range map[string]string{
		"pnpm exec nx affected -t lint, test, build, e2e":                    "nx test",
		"npx nx affected --base=origin/main -t lint test build --parallel=3": "nx test",
		"nx affected --target=test --parallel 3":                             "nx test",
		"nx affected -t=test":                                                "nx test",
		"pnpm nx run-many --target=lint,typecheck,test,e2e,build":            "nx test",
		"npx nx run-many --targets lint test --all":                          "nx test",
		"nx-cloud record -- nx affected -t test":                             "nx test",
		"nx affected:test":                                                   "nx test",
		"nx run shop:test:ci":                                                "nx test",
		"nx test shop":                                                       "nx test",
		"nx affected -t test || true":                                        `nx test (the command ends in "|| true")`,
		"nx affected -t lint build":                                          "",
		"nx run-many -t build --exclude test --projects test":                "",
		"nx affected -t test --graph":                                        "",
		"nx affected -t $TARGETS":                                            "",
		"nx run test:build":                                                  "",
		"pnpm exec turbo run test --concurrency=1":                           "turbo test",
		"turbo run lint build test:unit --filter=...[origin/main]":           "turbo test",
		"npx turbo@2 test":                                                   "turbo test",
		"turbo run shop#test":                                                "turbo test",
		"turbo run build --filter test":                                      "",
		"turbo run test --dry-run":                                           "",
		"turbo prune test":                                                   "",
		"npx lerna run test --stream":                                        "lerna test",
		"lerna run lint,test":                                                "lerna test",
		"lerna run build --scope test":                                       "",
		"lerna exec --concurrency 1 -- jest":                                 "js tests test",
		"moon run :test":                                                     "moon test",
		"moon run web:lint web:test":                                         "moon test",
		"moon check --all":                                                   "moon test",
		"moon run :build":                                                    "",
		"make lint test":                                                     "make test test",
		"make -j test":                                                       "make test test",
		"make -j 4 -C scheduler test":                                        "make test test",
		"make V=1 test/e2e/single-region":                                    "make test test",
		"make docker-test":                                                   "make test test",
		"make -C test build":                                                 "",
		"make install-test-tools":                                            "",
		"make test-deps":                                                     "",
		"make -n test":                                                       "",
		"make ${{ matrix.target }}":                                          "",
		"just test":                                                          "task test test",
		"just go-test":                                                       "task test test",
		"just deploy test":                                                   "",
		"task ci:test":                                                       "task test test",
		"mage -v test:unit":                                                  "task test test",
		"mise run test":                                                      "task test test",
		"mise run deploy test":                                               "",
		"hatch run cov:test":                                                 "task test test",
		"earthly --ci +test":                                                 "earthly test",
		"earthly +build":                                                     "",
		"bazel --output_base /tmp/x test //...":                              "bazel test test",
		"bazelisk coverage //...":                                            "bazel test test",
		"bazel build //test":                                                 "",
		"pants lint check test ::":                                           "bazel test test",
		"pnpm -r test":                                                       "npm test test",
		"pnpm -w -r run test --if-present":                                   "npm test test",
		"pnpm -w test":                                                       "npm test test",
		"pnpm --filter @shop/web run test:unit":                              "npm test test",
		"pnpm --filter @shop/web exec playwright test":                       "js tests test",
		"npm run test":                                                       "npm test test",
		"npm -w web test":                                                    "npm test test",
		"xvfb-run -a npm run test:e2e":                                       "npm test test",
		"yarn test":                                                          "npm test test",
		"yarn workspace web run test":                                        "npm test test",
		"yarn workspace web test":                                            "npm test test",
		"yarn workspaces foreach -A --include 'web-*' run test":              "npm test test",
		"yarn run packages:test:ci":                                          "npm test test",
		"yarn e2e:playwright":                                                "npm test test",
		"yarn jest --ci":                                                     "js tests test",
		"npx nyc --reporter lcov mocha":                                      "js tests test",
		"npx cross-env CI=1 vitest run":                                      "js tests test",
		"npm run lint -- test":                                               "",
		"npm run test:build":                                                 "",
		"pnpm e2e:build:ios":                                                 "",
		"pnpm build:e2e":                                                     "",
		"make test-envtest":                                                  "make test test",
		"python manage.py test shop":                                         "python tests test",
		"composer run test":                                                  "php tests test",
		"composer run phpunit":                                               "php tests test",
		"test -f go.mod && [ -d web ]":                                       "",
		"pnpm install":                                                       "",
		"pnpm env use --global 20":                                           "",
	} {
		if got := summary(scriptTools(Shell{ErrExit: true}, script, nil)); got != want {
			t.Errorf("%s\n\tgot  %s\n\twant %s", script, got, want)
		}
	}
}

// TestUnpublished counts what is attached to a build only where the build goes somewhere that can carry it.
func TestUnpublished(t *testing.T) {
	const build = "docker/build-push-action@v6"
	input := func(keysAndValues ...string) []catalog.Label {
		with := []catalog.Label{{Key: "provenance", Value: "true"}, {Key: "sbom", Value: "true"}}
		for i := 0; i < len(keysAndValues); i += 2 {
			with = append(with, catalog.Label{Key: keysAndValues[i], Value: keysAndValues[i+1]})
		}
		return with
	}
	for _, c := range []struct {
		with     []catalog.Label
		attached bool
	}{
		{input(), false},
		{input("push", "false"), false},
		{input("load", "true"), false},
		{input("outputs", "type=docker,dest=image.tar"), false},
		{input("outputs", "type=cacheonly"), false},
		{input("outputs", "type=image,name=shop,push=false"), false},
		{input("push", "true"), true},
		{input("push", "${{ github.event_name != 'pull_request' }}"), true},
		{input("outputs", "type=registry,name=shop"), true},
		{input("outputs", "push-by-digest=true,type=image,name=${{ env.NAME }},push=true"), true},
		{input("outputs", "type=image,name=${{ env.NAME }}"), false},
		{input("outputs", "${{ env.OUTPUTS }}"), false},
		{input("outputs", "type=image,name=shop,push-by-digest=true,push=true"), true},
		{input("push", "false", "outputs", "type=oci,dest=image.tar"), true},
	} {
		got := summary(actionTools(build, c.with))
		if strings.Contains(got, "provenance") != c.attached || strings.Contains(got, "SBOM") != c.attached {
			t.Errorf("%v: got %s", c.with, got)
		}
	}
	for script, want := range map[string]string{
		"docker buildx build --sbom=true --provenance=true -t shop .":                          "docker image build",
		"docker buildx build --attest type=provenance,mode=max --load -t shop .":               "docker image build",
		"docker buildx build --attest type=provenance,mode=max --output type=docker -t shop .": "docker image build",
		"docker buildx build --attest type=provenance,mode=max --push -t shop .":               "buildx build provenance; docker image build; docker publish",
		"docker buildx build --sbom true -o type=oci,dest=shop.tar .":                          "buildx SBOM; docker image build",
		"npm publish --provenance --dry-run":                                                   "",
	} {
		if got := summary(scriptTools(Shell{ErrExit: true}, script, nil)); got != want {
			t.Errorf("%s\n\tgot  %s\n\twant %s", script, got, want)
		}
	}
}

// TestActionGates gives actions their inputs.
func TestActionGates(t *testing.T) {
	const judged = "its results are uploaded and judged by code scanning rules, which no file shows"
	for _, c := range []struct{ uses, with, want string }{
		{"aquasecurity/trivy-action@0.28.0", "", "trivy image scan (exit-code is not set)"},
		{"aquasecurity/trivy-action@0.28.0", "exit-code=1", "trivy image scan"},
		{"aquasecurity/trivy-action@0.28.0", "exit-code=0", "trivy image scan (exit-code is 0)"},
		{"aquasecurity/trivy-action@0.28.0", "exit-code=${{ inputs.code }}", "trivy image scan (perhaps: exit-code is not known before the run)"},
		{"AquaSecurity/Trivy-Action@master", "scan-type=fs exit-code=1", "trivy dependency scan; trivy secret scan"},
		{"aquasecurity/trivy-action@v1", "scan-type=${{ inputs.type }}", ""},
		{"aquasecurity/trivy-action@v1", "scan-type=fs format=spdx-json", "trivy SBOM"},
		{"aquasecurity/setup-trivy@v0.2.2", "", ""},
		{"github/codeql-action/analyze@v3", "", "codeql static analysis (" + judged + ")"},
		{"github/codeql-action/init@v3", "", ""},
		{"actions/dependency-review-action@v4", "", "dependency-review dependency review"},
		{"actions/dependency-review-action@v4", "warn-only=true", "dependency-review dependency review (warn-only is true)"},
		{"actions/dependency-review-action@v4", "deny-licenses=GPL-3.0", "dependency-review dependency review; dependency-review licence check"},
		{"gitleaks/gitleaks-action@v2", "", "gitleaks secret scan"},
		{"bridgecrewio/checkov-action@v12", "soft_fail=true", "checkov configuration scan (soft_fail is true)"},
		{"bridgecrewio/checkov-action@v12", "soft_fail=false", "checkov configuration scan"},
		{"anchore/scan-action@v6", "image=app fail-build=false", "grype image scan (fail-build is false)"},
		{"anchore/scan-action@v6", "path=.", "grype dependency scan"},
		{"securego/gosec@master", "args=-no-fail", "gosec static analysis (-no-fail is set)"},
		{"securego/gosec@master", "", "gosec static analysis"},
		{"golangci/golangci-lint-action@v9", "args=--enable=gosec", "gosec static analysis"},
		{"golangci/golangci-lint-action@v9", "", ""},
		{"snyk/actions/node@master", "", "snyk dependency scan"},
		{"snyk/actions/node@master", "command=monitor", "snyk dependency scan (`snyk monitor` only reports to Snyk)"},
		{"SonarSource/sonarqube-scan-action@v5", "", "sonarqube static analysis (args is not set)"},
		{"SonarSource/sonarqube-scan-action@v5", "args=-Dsonar.qualitygate.wait=true", "sonarqube static analysis"},
		{"fossas/fossa-action@v1", "run-tests=true", "fossa licence check; fossa dependency scan"},
		{"golang/govulncheck-action@v1", "output-format=sarif", "govulncheck dependency scan (output-format is sarif)"},
		{"zizmorcore/zizmor-action@v0.1", "", "zizmor pipeline check (advanced-security is not set)"},
		{"docker/build-push-action@v6", "push=true provenance=mode=max sbom=true", "buildx build provenance; buildx SBOM; docker image build; docker publish"},
		{"docker/build-push-action@v6", "push=false", "docker image build"},
		{"docker/build-push-action@v6", "push=${{ github.event_name }}", "docker image build; docker publish"},
		{"docker://ghcr.io/gitleaks/gitleaks:v8", "args=detect", "gitleaks secret scan"},
		{"docker://aquasec/trivy", "", ""},
		{"nick-fields/retry@v3", "command=gitleaks:detect", ""},
		{"slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@v2", "", "slsa-github-generator build provenance"},
		{"sigstore/cosign-installer@v3", "", ""},
		{"actions/attest-build-provenance@v3", "subject-path=dist/shop", "attest-build-provenance build provenance"},
		{"actions/attest-build-provenance@v3", "subject-path=sbom.cdx.json", ""},
		{"actions/attest-build-provenance@v3", "subject-name=ghcr.io/acme/shop", "attest-build-provenance build provenance"},
		{"actions/attest-sbom@v2", "subject-path=dist/shop sbom-path=sbom.json", ""},
		{"actions/attest@v2", "subject-path=dist/shop sbom-path=sbom.json", ""},
		{"localstack/setup-localstack@v0.2", "", ""},
		{"superfly/flyctl-actions@1.5", "args=deploy", "fly deployment"},
		{"./.github/actions/gitleaks", "", ""},
		{"", "", ""},
	} {
		var with []catalog.Label
		for _, pair := range strings.Split(c.with, " ") {
			if key, value, ok := strings.Cut(pair, "="); ok && !strings.Contains(c.with, "${{") {
				with = append(with, catalog.Label{Key: key, Value: value})
			}
		}
		if key, value, ok := strings.Cut(c.with, "="); ok && strings.Contains(c.with, "${{") {
			with = []catalog.Label{{Key: key, Value: value}}
		}
		if got := summary(actionTools(c.uses, with)); got != c.want {
			t.Errorf("%s with %s\n\tgot  %s\n\twant %s", c.uses, c.with, got, c.want)
		}
	}
}

// TestNamedTools recognises what other formats use.
func TestNamedTools(t *testing.T) {
	const approved = "its report is judged by merge request approval policies, which no file shows"
	for _, c := range []struct{ kind, name, want string }{
		{Template, "Security/SAST.gitlab-ci.yml", "gitlab sast static analysis (" + approved + ")"},
		{Template, "Jobs/Secret-Detection.latest.gitlab-ci.yml", "gitlab secret-detection secret scan (" + approved + ")"},
		{Template, "gitlab.com/components/dependency-scanning/main@1.2", "gitlab dependency-scanning dependency scan (" + approved + ")"},
		{Hook, "gitleaks", "gitleaks secret scan"},
		{Hook, "detect-private-key", ""},
		{Task, "Docker@2", "docker image build; docker publish"},
		{Task, "kaniko", "image builder image build"},
		{Task, "waitForQualityGate", "sonarqube static analysis (abortpipeline is not set)"},
		{Orb, "snyk/snyk/scan", "snyk dependency scan"},
		{Image, "docker.io/hadolint/hadolint:2.12", "hadolint configuration scan"},
		{Image, "alpine", ""},
		{"spell", "gitleaks", ""},
	} {
		if got := summary(NamedTools(c.kind, c.name)); got != c.want {
			t.Errorf("%s %s: got %s, want %s", c.kind, c.name, got, c.want)
		}
	}
	if got := summary(ImageTools("gcr.io/kaniko-project/executor:v1", []string{"--destination=app"})); got != "kaniko image build" {
		t.Errorf("kaniko: got %s", got)
	}
	if got := summary(ImageTools("alpine", []string{"sh", "-ec", "gitleaks detect"})); got != "gitleaks secret scan" {
		t.Errorf("a command in an image: got %s", got)
	}
}

// TestShells shows what a shell's own options change.
func TestShells(t *testing.T) {
	const script = "gitleaks detect | tee log\ngitleaks dir . \necho done"
	for _, c := range []struct {
		shell Shell
		want  string
	}{
		{Shell{}, "(" + lost + ") (" + off + ")"},
		{Shell{ErrExit: true}, "(" + lost + ")"},
		{Shell{ErrExit: true, PipeFail: true}, ""},
	} {
		var whys []string
		for _, tool := range scriptTools(c.shell, script, nil) {
			if !tool.Gates {
				whys = append(whys, "("+tool.Why+")")
			}
		}
		if got := strings.Join(whys, " "); got != c.want {
			t.Errorf("%+v: got %s, want %s", c.shell, got, c.want)
		}
	}
}

// TestScriptPlaces points at the tool, in characters, also behind expressions and non-ASCII text.
func TestScriptPlaces(t *testing.T) {
	at := func(line, col int) catalog.Place { return catalog.Place{File: "f", Line: line, Col: col} }
	for script, want := range map[string]string{
		"gitleaks detect":                           "f:1:1",
		"echo é; gitleaks detect":                   "f:1:9",
		"echo ${{ a && b }}; gitleaks detect":       "f:1:21",
		"echo ${{ a &&\n b }}\n  gitleaks detect":   "f:3:3",
		"true\nif x; then\n\tsudo gitleaks dir\nfi": "f:3:2",
	} {
		tools := scriptTools(Shell{ErrExit: true}, script, at)
		if len(tools) != 1 || tools[0].At.String() != want {
			t.Errorf("%q: got %v, want one tool at %s", script, tools, want)
		}
	}
}

// TestUnreadableScripts leaves a gap where a checking tool is named in a script that cannot be read, and only there.
func TestUnreadableScripts(t *testing.T) {
	for script, want := range map[string]string{
		"if gitleaks detect; then":             `syntax: the script does not parse as one of Bash, so what it does with "gitleaks" is not known`,
		"if x; then":                           "",
		"#!/usr/bin/python\nrun('gitleaks')":   `unsupported: the script is not one of a POSIX shell`,
		strings.Repeat("# gitleaks\n", 10_000): "too large: the script is longer than 65536 bytes",
		strings.Repeat("(", 20_000) + "gitleaks detect" + strings.Repeat(")", 20_000): "too large: ",
	} {
		tools, gap := Shell{}.Read(script, nil)
		got := ""
		if gap != nil {
			got = fmt.Sprintf("%s: %s", gap.Cause, gap.Detail)
		}
		if len(tools) != 0 || !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%.40q: got %v and gap %q, want gap %q", script, tools, got, want)
		}
	}
}

// TestHostileScripts reads scripts that are one piece many times over: whatever becomes of them, each tool is named, stands in
// the script, and is not said to gate when nothing can be known.
func TestHostileScripts(t *testing.T) {
	for _, piece := range []string{"(", "( ", "((", "$((", "$(", "`", "{ ", "if ", "[[ ! ", "a|", "a&&", "a||", "! ", "case a in a) ", "x() { ", "<(", "bash -c '", "\"$(", "a=(", "${a:-", "<<E ", "let (", "sudo ", "npx ", "docker run "} {
		for _, times := range []int{MaxScript/len(piece) - 20, maxNesting, 1} {
			for _, script := range []string{strings.Repeat(piece, times), strings.Repeat(piece, times) + "\ngitleaks detect", "gitleaks detect\n" + strings.Repeat(piece, times)} {
				tools, gap := Shell{}.Read(script, func(line, col int) catalog.Place { return catalog.Place{File: "f", Line: line, Col: col} })
				for _, tool := range tools {
					if tool.Name != "gitleaks" || tool.At.Line < 1 || tool.At.Line > strings.Count(script, "\n")+1 {
						t.Errorf("%d times %q: got %+v", times, piece, tool)
					}
				}
				if strings.HasPrefix(script, "gitleaks") && len(tools) == 0 && gap == nil {
					t.Errorf("%d times %q: a scan is neither seen nor said to be hidden", times, piece)
				}
			}
		}
	}
}

// FuzzScriptTools asserts that every tool has a name, a purpose and a reason when it does not gate.
func FuzzScriptTools(f *testing.F) {
	for _, seed := range []string{
		"gitleaks detect || true", "set +e; trivy image --exit-code ${{ x }} app | tee y", "if ! npm audit; then exit 1; fi",
		"docker run -v a:b aquasec/trivy image x", "bash -c 'go test ./...'", "x() { x; }; x", "a=$(cosign sign x) b", "cat <<E | xargs -n1 hadolint\nE\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		for _, tool := range scriptTools(Shell{ErrExit: true}, script, func(line, col int) catalog.Place { return catalog.Place{File: "f", Line: line, Col: col} }) {
			if tool.Name == "" || tool.Purpose == "" || tool.Purpose == testCluster || tool.Gates != (tool.Why == "") {
				t.Fatalf("%+v", tool)
			}
			if tool.At.Line < 1 || tool.At.Line > strings.Count(script, "\n")+1 || tool.At.Col < 1 {
				t.Fatalf("%s is at %v", tool.Name, tool.At)
			}
		}
	})
}
