package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/castaway-kv/castaway/raftsim/scenario"
	"github.com/castaway-kv/castaway/web"
)

// defaultPort of the playground.
const defaultPort = 8473

// player is what `castaway play` was asked for.
type player struct {
	addr   string
	port   uint16
	noOpen bool
	// page is the built page; run the scenario to open, nil for none.
	page fs.FS
	run  *scenario.Scenario
	out  io.Writer
}

func newPlay() *cobra.Command {
	var p player
	cmd := &cobra.Command{
		Use:   "play [FILE]",
		Short: "Serve the playground and open it in a browser",
		Long: `Serve the playground, which runs the engine in the browser, and open it where
there is a desktop. It is reached from this machine only, unless --addr says
otherwise. FILE is a scenario to begin with; "-" is the standard input.

Exit status: 0 when it was ended by a signal, 1 if it can't be served, 2 for bad
input.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				var err error
				if p.run, err = open(args[0], cmd.InOrStdin()); err != nil {
					return err
				}
			}
			var built bool
			if p.page, built = web.Page(); !built {
				return failure{errors.New("castaway: this binary was built without the playground's page; in a checkout, `make play` builds and serves it")}
			}
			p.out = cmd.OutOrStdout()
			return p.play(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&p.addr, "addr", "127.0.0.1", "`address` to listen at")
	cmd.Flags().Uint16Var(&p.port, "port", defaultPort, "`port` to listen at; 0 picks a free one")
	cmd.Flags().BoolVar(&p.noOpen, "no-open", false, "don't open a browser")
	return cmd
}

// play serves until the context ends.
func (p *player) play(ctx context.Context) error {
	handler, err := newSite(p.page, p.run)
	if err != nil {
		return failure{fmt.Errorf("castaway: the page in this binary can't be read: %w", err)}
	}
	listener, err := p.listen(ctx)
	if err != nil {
		return failure{err}
	}
	address := listener.Addr().(*net.TCPAddr)
	if address.IP.IsLoopback() {
		handler = onlyLocalNames(handler)
	}
	url := "http://" + address.String() + "/"
	fmt.Fprintf(p.out, "castaway: playground at %s\n", url) //nolint:errcheck // nobody to tell
	if p.run != nil {
		url += "#file"
	}
	if !p.noOpen {
		openBrowser(url)
	}
	return serve(ctx, listener, handler)
}

func (p *player) listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(p.addr, strconv.Itoa(int(p.port))))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("castaway: port %d of %s is in use: end what uses it, or take a free port with --port 0", p.port, p.addr)
	case err != nil:
		return nil, fmt.Errorf("castaway: can't listen at %s, port %d: %w; try another --addr or --port", p.addr, p.port, err)
	}
	return listener, nil
}

// serve answers requests until the context ends, then lets those under way finish.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	const patience = 5 * time.Second
	server := &http.Server{Handler: handler, ReadHeaderTimeout: patience, IdleTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return failure{fmt.Errorf("castaway: %w", err)}
	case <-ctx.Done():
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := server.Shutdown(limited); err != nil {
		return failure{fmt.Errorf("castaway: %w", errors.Join(err, server.Close()))}
	}
	if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
		return failure{fmt.Errorf("castaway: %w", err)}
	}
	return nil
}

// openBrowser shows the url where there is a desktop. That it can't is no
// error: the url was printed.
func openBrowser(url string) {
	var cmd *exec.Cmd
	switch {
	case runtime.GOOS == "darwin":
		cmd = exec.Command("open", url)
	case runtime.GOOS == "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	case os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != "":
		cmd = exec.Command("xdg-open", url)
	default:
		return
	}
	if cmd.Start() == nil {
		go cmd.Wait() //nolint:errcheck // see above
	}
}
