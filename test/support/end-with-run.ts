// A worker of Vitest 4 works on at its test when the run that started it is killed, so it ends when the channel to that breaks. Vitest takes
// process.exit() in a worker for a fault of the test and goes on, so it ends by a signal.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
