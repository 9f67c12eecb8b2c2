package secrets

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxJWT bounds the text of a JSON Web Token.
const maxJWT = 8 << 10

// findJWT looks for a signed JSON Web Token.
// Source: RFC 7519.
func findJWT(s *scan, at int) {
	if !s.wordBegins(at) {
		return
	}
	token := string(jwtAt(s.text[at:min(len(s.text), at+maxJWT)]))
	if token == "" {
		return
	}
	found := finding{from: at, to: at + len(token), rule: "JSON Web Token"}
	if s.lax {
		s.add(found)
		return
	}
	var ok bool
	if found.why, found.until, ok = judgeJWT(token); ok && !allowed(s.text, at) {
		s.add(found)
	}
}

// jwtAt gives the token that a text begins with: header, claims and signature, joined by dots.
func jwtAt(text []byte) []byte {
	end := 0
	for part, least := range []int{10, 2, 20} {
		if part > 0 {
			if end == len(text) || text[end] != '.' {
				return nil
			}
			end++
		}
		start := end
		for end < len(text) && (isWordByte(text[end]) || text[end] == '-') {
			end++
		}
		if end-start < least {
			return nil
		}
	}
	return text[:end]
}

// publicRoles are those of tokens that stand in web pages, as Supabase's does.
var publicRoles = []string{"anon", "public", "guest"}

// judgeJWT decodes the header and the claims. The examples of jwt.io and RFC 7519, the tokens that every local Supabase comes
// with, those for anonymous users and those without a signature are no secrets.
func judgeJWT(token string) (why, until string, ok bool) {
	parts := strings.Split(token, ".")
	var header struct{ Alg string }
	var claims struct {
		Sub, Iss, Name, Role any
		Exp                  any
	}
	if !decodePart(parts[0], &header) || !decodePart(parts[1], &claims) || header.Alg == "" || strings.EqualFold(header.Alg, "none") {
		return "", "", false
	}
	role, _ := claims.Role.(string)
	if claims.Sub == "1234567890" || claims.Name == "John Doe" || claims.Iss == "joe" || claims.Iss == "supabase-demo" || slices.Contains(publicRoles, role) || isExample(parts[2]) {
		return "", "", false
	}
	why = fmt.Sprintf("its header names the algorithm %q", strings.ToValidUTF8(header.Alg[:min(len(header.Alg), 10)], "?"))
	if exp, ok := claims.Exp.(float64); ok && exp > 0 && exp < 1e11 {
		until = time.Unix(int64(exp), 0).UTC().Format(time.DateOnly)
	}
	return why, until, true
}

func decodePart(text string, into any) bool {
	data, ok := decodeBase64(text)
	return ok && json.Unmarshal(data, into) == nil
}
