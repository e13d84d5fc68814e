// Command castaway runs and shows simulated clusters of a replicated key-value
// store.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit statuses of all commands.
const (
	statusOK = 0
	// statusFailed: an expectation or verdict does not hold, or the surroundings
	// do not allow what was asked.
	statusFailed = 1
	// statusBadInput: flags, arguments or a scenario that can't be.
	statusBadInput = 2
)

// errBroken ends a command whose output has said already what does not hold.
var errBroken = errors.New("an expectation or verdict does not hold")

// failure is an error that is not the input's fault.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run is main without the process.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return statusOK
	case errors.Is(err, errBroken):
		return statusFailed
	case errors.Is(err, errUndecided):
		return statusUndecided
	}
	fmt.Fprintln(stderr, err) //nolint:errcheck // nobody to tell
	if errors.As(err, new(failure)) {
		return statusFailed
	}
	return statusBadInput
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "castaway",
		Short: "A laboratory for replicated key-value stores with etcd's semantics",
		Long: `Castaway runs whole clusters in virtual time, with the faults that a scenario
names, and judges whether what the clients saw is linearizable.

Exit status: 0 if all holds, 1 if an expectation or verdict does not hold or
something outside is missing (a port, the page), 2 for bad input, 3 if a check
ends undecided.`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(newRun(), newLink(), newOpen(), newDiff(), newCheck(), newBugs(), newFuzz(), newFmt(), newPlay(), newVersion())
	return root
}
