package delivery

import "regexp"

const publicPrefixes = `NEXT_PUBLIC_|VITE_|REACT_APP_|EXPO_PUBLIC_|PUBLIC_|NUXT_PUBLIC_|VUE_APP_`

var (
	expressionOf = regexp.MustCompile(`(?s)\$\{\{.*?\}\}`)
	secretOf     = regexp.MustCompile(`\bsecrets\s*[.\[]|(?i:\btojson\(\s*secrets\b)|\bgithub\.token\b`)
	// harmless are secrets that by their names only hide where something is or who does it.
	harmless = regexp.MustCompile(`(?i)\bsecrets\.\w*(?:NAME|ID|REGION|ZONE|HOST|HOSTNAME|USER|USERNAME|EMAIL|BUCKET|PROJECT|NAMESPACE|CLUSTER|ACCOUNT|ORG|REPO|VERSION|ENVIRONMENT|DOMAIN)\b`)
	// publicName finds variables that frameworks build into what every browser loads, by their prefixes. Sources: Next.js,
	// Vite, Create React App, Expo, SvelteKit and Astro, Nuxt, Vue CLI, each on environment variables.
	publicName   = regexp.MustCompile(`^(?:` + publicPrefixes + `)`)
	publicSecret = regexp.MustCompile(`\bsecrets\s*(?:\.\s*|\[\s*['"])(?:` + publicPrefixes + `)`)
	comparison   = regexp.MustCompile(`[=!]=|&&`)
	azureMacro   = regexp.MustCompile(`\$\(([A-Za-z_][\w.]*)\)`)
	secretName   = regexp.MustCompile(`(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|SECRET_KEY|CREDENTIALS?)$`)
)

// isSecret reports whether an expression of GitHub's is filled in with a credential: neither with what is asked about one,
// nor with a name or a public value that somebody keeps as a secret.
func isSecret(expression string) bool {
	return secretOf.MatchString(expression) && !comparison.MatchString(expression) && !harmless.MatchString(expression) && !publicSecret.MatchString(expression)
}
