package catalog

import "time"

// Manifest is a file that declares dependencies, or one that locks them.
type Manifest struct {
	Ecosystem string // "npm", "go", "pypi", "maven", "gradle", "cargo", "rubygems", "composer", "nuget", "pub", "hex", "swift", …
	Tool      string // whose format it is: "npm", "yarn", "pnpm", "poetry", "pip", …
	Lock      bool   // it locks versions, with what the manifest leaves open; some files both declare and lock
	Declares  bool
	Name      Text   // of the package, as stated
	Packages  int    // how many dependencies it lists
	Pinned    int    // how many of them with one exact version
	Members   []Text // globs of the folders of a workspace whose members this file locks too
	At        Place
	// Constraints are the files of the repository, by path, that narrow the versions of pip's requirements (`-c`).
	Constraints []Text

	// LockedBy is what locks a manifest, resolved by load: a lockfile beside it, of the workspace above it, or itself.
	LockedBy *Manifest
}

// UpdateConfig is the configuration of a tool that proposes dependency updates.
type UpdateConfig struct {
	Tool       string // "dependabot", "renovate"
	Ecosystems []Text // as Dependabot names them; empty for all
	Folders    []Text
	Disabled   Text // why it proposes nothing: "enabled: false", "open-pull-requests-limit: 0"
	At         Place
}

// SBOM is one software bill of materials, or a VEX document about one.
type SBOM struct {
	Format     string // "CycloneDX", "SPDX"
	Version    Text   // of the format
	Subject    Text   // name of what it describes
	Release    Text   // version of what it describes
	Created    Text   // as written
	Components int
	Versioned  int  // components with a version
	Related    bool // it states how components depend on each other
	VEX        bool // it states the standing of vulnerabilities and lists no components
	At         Place
	Changed    time.Time // committer time of the last change; zero when not known
}

// ImageBuild is one Dockerfile.
type ImageBuild struct {
	Bases []BaseImage
	User  Text // of the last stage; zero for the base image's
	At    Place
}

// BaseImage is one image that a Dockerfile builds on; stages of its own are left out.
type BaseImage struct {
	Image  Text // as written, with the defaults of its ARGs filled in
	Tag    string
	Digest string // "sha256:…"
	Open   bool   // an argument without default decides what it is
}

// SecurityPolicy is a SECURITY file: how to report a vulnerability, and what happens then.
type SecurityPolicy struct {
	Contacts     []Text // addresses, forms, advisories pages
	Times        []Text // sentences or rows that promise a time, those for a severity first
	BySeverity   bool   // the times differ by severity
	Elsewhere    Text   // the policy that it refers to instead of stating one
	Expires      Text   // of a security.txt: the day after which it does not hold, as written
	Placeholders []Text
	Page         *Page
	At           Place
}

// Secret is a credential that stands in a file. Its value is never kept.
type Secret struct {
	Rule  string // what it looks like: "GitHub personal access token", "private key"
	Why   string // why it is believed: "its checksum fits", "entropy 4.6 bits"
	Until string // the last day on which it is valid, as 2006-01-02, when it says so itself
	At    Place
}
