package remote

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Rules say which repositories may be fetched from. The addresses come from the catalog, and a pull request may change
// them: so what only this machine can reach is refused unless the rules allow it.
//
// The zero value allows https and ssh to every host but internal ones. Hosts in private networks (10.0.0.0/8 and the
// like) are allowed, because that is where most organisations keep their code; list the Hosts where that is too much.
type Rules struct {
	// Hosts are the only hosts that are fetched from, as in "git.example.org" or "*.example.org" (every host below it);
	// none means all.
	Hosts []string
	// Internal allows hosts that lead to this machine or its own link: loopback, link-local and the addresses at which
	// clouds tell a machine its secrets. What a name leads to is looked at when the connection is made, so that no name
	// can be pointed elsewhere in between. A proxy connects for us, and then only the name is looked at.
	Internal bool
	// Roots are the folders that repositories of file:// may stand in; none means that file:// is refused.
	Roots []string
}

// check says why a repository must not be fetched; nil when it may.
func (r Rules) check(at location) error {
	if at.scheme == "file" {
		if len(r.Roots) == 0 {
			return refusedf("the repository %q is a folder of this machine, and none is allowed. name the folder that it stands in with --local-repositories", at.url())
		}
		return nil
	}
	if at.scheme == "http" {
		return refusedf("the repository %q would be fetched without encryption. write https", at.url())
	}
	if !r.knows(at.host) {
		return refusedf("the repository %q is on the host %q, which is none of repositories.hosts in obsready.toml. list it there, or correct the address", at.url(), at.host)
	}
	ip, err := netip.ParseAddr(at.host)
	local := at.host == "localhost" || strings.HasSuffix(at.host, ".localhost")
	if !r.Internal && (local || err == nil && internal(ip)) {
		return refusedInternal(at.url())
	}
	return nil
}

func refusedInternal(url string) *Failure {
	return refusedf("the host of %q leads to this machine or its own link, which a catalog must not ask. write the address at which other machines reach it", url)
}

func (r Rules) knows(host string) bool {
	if len(r.Hosts) == 0 {
		return true
	}
	for _, h := range r.Hosts {
		below, wild := strings.CutPrefix(strings.ToLower(h), "*")
		if wild && strings.HasPrefix(below, ".") && strings.HasSuffix(host, below) || !wild && host == below {
			return true
		}
	}
	return false
}

// metadata are the addresses that clouds answer with a machine's identity at, beside the link-local ones.
var metadata = []netip.Addr{
	netip.MustParseAddr("fd00:ec2::254"),   // Amazon
	netip.MustParseAddr("100.100.100.200"), // Alibaba
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("192.0.0.192"),     // Oracle
}

// embedded are the prefixes whose addresses hold one of IPv4: NAT64 and 6to4.
var (
	nat64   = netip.MustParsePrefix("64:ff9b::/96")
	sixTo4  = netip.MustParsePrefix("2002::/16")
	thisNet = netip.MustParsePrefix("0.0.0.0/8")
)

func internal(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || thisNet.Contains(ip) || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return true
	}
	for _, m := range metadata {
		if ip == m {
			return true
		}
	}
	b := ip.As16()
	switch {
	case nat64.Contains(ip):
		return internal(netip.AddrFrom4([4]byte(b[12:16])))
	case sixTo4.Contains(ip):
		return internal(netip.AddrFrom4([4]byte(b[2:6])))
	}
	return false
}

// errInternal is a connection to an address that the rules do not allow.
var errInternal = errors.New("the name leads to this machine or its own link")

// dialer gives what makes connections, each looked at when its address is known.
func (r Rules) dialer() *net.Dialer {
	d := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	if r.Internal {
		return d
	}
	d.Control = func(_, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || internal(ap.Addr()) {
			return errInternal
		}
		return nil
	}
	return d
}

// place finds the folder of a file:// repository, and its name relative to the root that it stands in.
func (r Rules) place(at location) (dir, name string, err error) {
	dir, err = filepath.EvalSymlinks(filepath.FromSlash(at.path))
	if err != nil {
		return "", "", failf(NotFound, "the repository %q is not there. correct the address", at.url())
	}
	for _, root := range r.Roots {
		if rel, ok := below(root, dir); ok {
			return dir, rel, nil
		}
	}
	return "", "", refusedf("the repository %q is in none of the folders that may be read. name the folder that it stands in with --local-repositories, or correct the address", at.url())
}

// below gives the path of dir from root when dir is root or in it.
func below(root, dir string) (rel string, ok bool) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", false
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return "", false
	}
	rel, err = filepath.Rel(root, dir)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(os.PathSeparator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// Validate says which rule cannot be meant as it is written.
func (r Rules) Validate() error {
	for _, h := range r.Hosts {
		name := strings.TrimPrefix(strings.ToLower(h), "*.")
		if checkHost(name) != "" {
			return fmt.Errorf("%q is no host. write its name alone, as in \"git.example.org\"; *. before it means all below it", shorten(h))
		}
	}
	return nil
}
