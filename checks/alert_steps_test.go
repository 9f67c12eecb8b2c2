package checks

import (
	"testing"

	"obsready/catalog"
)

// TestHasStep checks what counts as something to do, and what only looks like it.
func TestHasStep(t *testing.T) {
	for text, want := range map[string]bool{
		"Check the logs of the shipper":                            true,
		"It is slow, so check if it has enough replicas":           true,
		"Disk is full. Increase its size or remove old files":      true,
		"Disk is full, please defrag it":                           true,
		"1. Log in\n2. Look around":                                true,
		"- Restart the shipper\n- Wait":                            true,
		"Restart the shipper":                                      true,
		"Run `vacuum full` at once":                                true,
		"You can scale it to three":                                true,
		"The array needs attention":                                true,
		"The certificate must be renewed":                          true,
		"Either analyze the output, or escalate to support":        true,
		"Investigation required":                                   true,
		"More in https://wiki.example/x":                           true,
		"For details: kubectl logs shipper":                        true,
		"Free up space":                                            true,
		"Health check X of {{ $labels.check }} failed":             false,
		"{{ $labels.check }} is slow":                              false,
		"Check failed on X":                                        false,
		"Increase in errors":                                       false,
		"Free memory is low":                                       false,
		"Open connections exceed the limit":                        false,
		"Read errors on disk":                                      false,
		"Log volume is high":                                       false,
		"Run queue is long":                                        false,
		"Only one instance should run":                             false,
		"It must be down":                                          false,
		"There should be three of them":                            false,
		"- region = {{ $labels.region }}\n- pod = x":               false,
		"Query latency is high":                                    false,
		"The service fails to start and to read its configuration": false,
	} {
		if got := hasStep(text); got != want {
			t.Errorf("%q: got a step %v", text, got)
		}
	}
}

// TestInforms checks what says more than the alert's name and expression.
func TestInforms(t *testing.T) {
	for text, want := range map[string]bool{
		"Checkout fails for customers in {{ $labels.region }}": true,
		"The state of the order is unknown":                    true,
		"Queue is too long":                                    false, // the name
		"orders in queue > 600":                                false, // the expression
		"{{ $labels.name }} on {{ $labels.instance }}":         false,
		"Orders wait for xxx seconds":                          false,
		"TODO say what it means":                               false,
		"See YOUR_WIKI_PAGE for what to do":                    false,
		"Too long":                                             false,
	} {
		if got := informs(text, "QueueIsTooLong", "sum(orders_in_queue) > 600"); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

// TestForMachines checks whose texts nobody reads.
func TestForMachines(t *testing.T) {
	for expr, want := range map[string]bool{"vector(1)": true, "up == 0": false, "absent(up)": false} {
		if got := forMachines(promQL(expr)); got != want {
			t.Errorf("%s: got %v", expr, got)
		}
	}
	none := promQL("up == 0")
	none.Severity = catalog.Text{Value: "None"}
	if !forMachines(none) {
		t.Error("severity none is for people")
	}
}
