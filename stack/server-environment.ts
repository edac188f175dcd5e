/**
 * What the servers get of this process's environment: where things are, and how the language's runtime is to behave.
 * Secrets of signalbox, and of whatever else was set in the terminal, are none of their business.
 */
const passed =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|JAVA_HOME|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|LD_LIBRARY_PATH|XDG_\w+|GOMAXPROCS|GOMEMLIMIT|GOGC|GODEBUG|GOTRACEBACK|SSL_CERT_\w+)$/;

export function serverEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => passed.test(name)));
}
