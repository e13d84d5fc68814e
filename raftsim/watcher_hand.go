package raftsim

// actWatch has a client watch by hand. Such a watch asks whether its stream is alive,
// so that it stays where it is while there is nothing to tell.
func (w *World) actWatch(a StartWatch) Cause {
	i := w.clientNamed(a.Client)
	c := &w.clients[i]
	w.done(a)
	if c.watcher.stream != 0 {
		w.hangUp(i, CauseReplaced)
	}
	watch := a.Watch
	watch.Progress = true
	c.watcher = watcher{watch: &watch, entry: a.Member, next: watch.Start}
	w.watchLater(i, 0)
	return NoCause
}
