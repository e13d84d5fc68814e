package compat

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"
	_ "unsafe" // for go:linkname

	"go.etcd.io/etcd/client/pkg/v3/types"
	"go.etcd.io/etcd/server/v3/config"
	"go.etcd.io/etcd/server/v3/etcdserver"
	"go.etcd.io/etcd/server/v3/etcdserver/api/v3rpc"
	"go.etcd.io/etcd/server/v3/features"
	_ "go.etcd.io/etcd/server/v3/storage/mvcc" // its watchResyncPeriod
	"go.etcd.io/etcd/server/v3/storage/wal"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
)

// Etcd is a fresh etcd server of one member, in this process.
type Etcd struct {
	// Conn speaks its gRPC API.
	Conn *grpc.ClientConn

	server   *etcdserver.EtcdServer
	grpc     *grpc.Server
	dir      string
	listener *bufconn.Listener
}

// Ticks of one millisecond and elections after ten make a server ready within
// some milliseconds. The lowest TTL of a lease follows from them: one and a half
// elections, rounded up to a second.
const (
	tickMs        = 1
	electionTicks = 10
	minLeaseTTL   = 1
)

// maxRequestBytes and maxTxnOps are the defaults of etcd's command line.
const (
	maxRequestBytes = 1536 * 1024
	maxTxnOps       = 128
)

func init() {
	// A log of its usual 64 MB would be written for every program.
	wal.SegmentSizeBytes = 64 * 1024
	// Lagging watchers are looked after at this interval; only the waiting is
	// shorter than with the usual 100 ms.
	watchResyncPeriod = 2 * time.Millisecond
}

//go:linkname watchResyncPeriod go.etcd.io/etcd/server/v3/storage/mvcc.watchResyncPeriod
var watchResyncPeriod time.Duration

// StartEtcd starts a server with an empty store. Its files are in memory where
// the system has a place for that. Should it crash, and this process with it, it
// says for what program.
func StartEtcd(p Program) (e *Etcd, err error) {
	parent := "/dev/shm"
	if info, err := os.Stat(parent); err != nil || !info.IsDir() {
		parent = ""
	}
	e = &Etcd{}
	defer func() {
		if err != nil {
			e.Close()
		}
	}()
	if e.dir, err = os.MkdirTemp(parent, "castaway-compat-"); err != nil {
		return nil, err
	}
	if e.server, err = etcdserver.NewServer(serverConfig(e.dir, lastWords(p).logger())); err != nil {
		return nil, fmt.Errorf("etcd: %w", err)
	}
	e.server.Start()
	select {
	case <-e.server.ReadyNotify():
	case <-time.After(30 * time.Second):
		return nil, fmt.Errorf("etcd is not ready after 30 s")
	}
	e.grpc = v3rpc.Server(e.server, nil, nil)
	e.listener = bufconn.Listen(1 << 20)
	go func() { _ = e.grpc.Serve(e.listener) }() // ends with Close
	e.Conn, err = grpc.NewClient("passthrough:etcd",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return e.listener.DialContext(ctx) }),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	return e, err
}

// Close ends the server and removes its files.
func (e *Etcd) Close() {
	if e.Conn != nil {
		_ = e.Conn.Close()
	}
	if e.grpc != nil {
		e.grpc.Stop()
	}
	if e.server != nil {
		e.server.HardStop()
	}
	if e.dir != "" {
		_ = os.RemoveAll(e.dir)
	}
}

// lastWords panics where etcd would exit without a trace, or with one that doesn't
// name the program.
type lastWords Program

func (w lastWords) OnWrite(entry *zapcore.CheckedEntry, fields []zapcore.Field) {
	panic(fmt.Sprintf("etcd: %s %v\nof the program\n%s", entry.Message, fields, Program(w)))
}

func (w lastWords) logger() *zap.Logger {
	return zap.New(zapcore.NewNopCore(), zap.WithFatalHook(w), zap.WithPanicHook(w))
}

func serverConfig(dir string, logger *zap.Logger) config.ServerConfig {
	const name = "etcd"
	urls := types.MustNewURLs([]string{"http://127.0.0.1:1"}) // nobody listens
	return config.ServerConfig{
		Name:                   name,
		ClientURLs:             urls,
		PeerURLs:               urls,
		DataDir:                dir,
		InitialPeerURLsMap:     types.URLsMap{name: urls},
		InitialClusterToken:    name,
		NewCluster:             true,
		TickMs:                 tickMs,
		ElectionTicks:          electionTicks,
		BootstrapTimeout:       time.Second,
		SnapshotCount:          etcdserver.DefaultSnapshotCount,
		SnapshotCatchUpEntries: etcdserver.DefaultSnapshotCatchUpEntries,
		MaxSnapFiles:           1,
		MaxWALFiles:            1,
		MaxTxnOps:              maxTxnOps,
		MaxRequestBytes:        maxRequestBytes,
		MaxConcurrentStreams:   1 << 20,
		AuthToken:              "simple",
		UnsafeNoFsync:          true,
		Logger:                 logger,
		ServerFeatureGate:      features.NewDefaultServerFeatureGate(name, logger),
		Metrics:                "basic",
	}
}
