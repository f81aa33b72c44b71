// A worker of Vitest 4 works on at its test when the run that started it is killed, so it ends when the channel to that breaks. Vitest takes
// process.exit() in a worker for a fault of the test and goes on, so it ends by a signal.
// Files that share a worker enter it once.
function endWithRun(): void {
  process.kill(process.pid, 'SIGKILL')
}
if (!process.listeners('disconnect').some(({ name }) => name === endWithRun.name))
  process.once('disconnect', endWithRun)
