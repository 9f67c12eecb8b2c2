package measure

import (
	"slices"
	"strings"
	"unicode"
)

// The words that metric names are made of, as instrumentation guides and exporters use them. They are of four sorts:
// how something went, what somebody outside asked for, work that nobody outside waits for, and states of the inside.
var (
	failing = words(`fail fails failed failing failure failures error errors errored reject rejected rejection rejections
		refused dropped timeout timeouts aborted unroutable undeliverable lost denied exception exceptions 4xx 5xx`)
	succeeding = words(`success successes successful succeeded delivered good ok`)
	demand     = words(`request requests rpc rpcs call calls query queries response responses http https grpc graphql
		transaction transactions message messages login logins dns dial dials fetch fetches order orders payment payments
		checkout checkouts upload uploads download downloads delivery deliveries statement statements command commands hits
		accesses produce publish published handled job jobs task tasks network handshake handshakes event events`)
	durations = words(`duration durations latency latencies elapsed`)
	backstage = words(`reconcile reconciles reconciler reconciliation operator operatorkit kafkacontroller autoscaler scaler
		karpenter keda gotk capi argocd compaction compactions compactor compact replication replications replicate
		replicator replicas replica replset slave slaves gossip memberlist membership ring hashring hashrings member members
		peer peers raft leader election elections wal tsdb objstore snapshot snapshots checkpoint checkpoints backup backups
		archive archiver archiving archived restore gc garbage retention reload reloads config configuration scheduler
		evicted eviction evictions sync syncs synced orphan orphans autovacuum vacuum blocklist retry retries retried hints
		hinted disk fsync`)
	states = words(`cpu memory mem heap stack swap disks filesystem fs inode inodes fds fd thread threads goroutines worker
		workers cache caches pool pools capacity free used usage utilization utilisation pct quota quotas limit limits
		percentage bandwidth temperature celsius battery voltage fan power restart restarts restarted uptime node nodes pod
		pods machine version certificate certificates cert certs expiry expiration expires spend cost connection connections
		session sessions busy paused unhealthy healthy health status state condition ready running backlog length depth size
		pending outstanding shard shards partition partitions segment segments lock locks deadlock deadlocks unsealed sealed
		stable active inactive available degraded broker brokers osd osds volume volumes raid wear sector sectors smart
		connected consumers open resources daemon entropy clock skew drift load load1 load5 load15 io iops saturation
		children routes listener listeners conflict conflicts conntrack blocks stopped offline standby`)
)

type wordSet map[string]bool

func words(list string) wordSet {
	set := wordSet{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// in reports whether any word of a name is in the set.
func (s wordSet) in(name []string) bool {
	return slices.ContainsFunc(name, func(w string) bool { return s[w] })
}

// split gives the words of a metric name in lower case: "ClusterMemoryPool_BlockedNodes" is cluster, memory, pool,
// blocked, nodes.
func split(name string) []string {
	var all []string
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		start := 0
		for i := 1; i < len(part); i++ {
			if isUpper(part[i]) && !isUpper(part[i-1]) {
				all = append(all, strings.ToLower(part[start:i]))
				start = i
			}
		}
		all = append(all, strings.ToLower(part[start:]))
	}
	return all
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
