package main

import (
	"context"
	"io"
	"path/filepath"
	"testing"
	"time"

	"obsready/catalog"
	"obsready/catalog/load"
	"obsready/catalog/story"
	"obsready/catalog/tree"
	"obsready/checks"
	"obsready/reports"
	"obsready/scorecard"
)

// BenchmarkDemo measures what a run over the demo estate does, one stage at a time. For the behaviour of large estates
// see make bench.
func BenchmarkDemo(b *testing.B) {
	storage, head, err := story.Build(demoEstate, "testdata/demo")
	if err != nil {
		b.Fatal(err)
	}
	t, err := tree.FromStorage(storage, head)
	if err != nil {
		b.Fatal(err)
	}
	now := t.Revision().Time.Add(12 * time.Hour)
	policy := scorecard.DefaultPolicy()
	policy.Load.HistorySince = now.AddDate(-1, 0, 0)
	var estate *catalog.Estate
	var report *scorecard.Report

	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			if estate, err = load.Load(context.Background(), t, policy.Load); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(len(estate.Services)*b.N)/b.Elapsed().Seconds(), "services/s")
	})
	b.Run("evaluate", func(b *testing.B) {
		for b.Loop() {
			report = scorecard.Evaluate(estate, checks.All(), policy, now, 1)
		}
	})
	for _, f := range reports.Formats() {
		b.Run("write-"+f.Name, func(b *testing.B) {
			for b.Loop() {
				if err := f.Write(io.Discard, report, reports.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("write-directory", func(b *testing.B) {
		dir := filepath.Join(b.TempDir(), "report")
		for b.Loop() {
			if err := reports.WriteDirectory(dir, report); err != nil {
				b.Fatal(err)
			}
		}
	})
}
