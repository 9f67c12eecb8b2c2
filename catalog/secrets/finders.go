package secrets

// finder looks for credentials that are not told by a provider's prefix.
type finder struct {
	keywords []string
	fold     bool
	find     func(s *scan, at int)
}

// finders are tried where one of their keywords stands.
var finders = []finder{
	{keywords: []string{"-----BEGIN "}, find: findPrivateKey},
	{keywords: []string{"AGE-SECRET-KEY-1"}, find: findAgeKey},
	{keywords: []string{"eyJ"}, find: findJWT},
	{keywords: []string{"://"}, find: findAddress},
	{keywords: []string{"authorization"}, fold: true, find: findAuthorization},
	{keywords: []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key", "auth_key", "authkey", "auth-key",
		"private_key", "private-key", "privatekey", "encryption_key", "encryption-key", "encryptionkey", "signing_key", "signing-key", "account_key", "accountkey", "credential"}, fold: true, find: findAssignment},
}
