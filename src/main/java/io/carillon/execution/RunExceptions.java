package io.carillon.execution;

/** What acts on single executions can answer instead of a result. All unchecked. */
public final class RunExceptions {
  private RunExceptions() {}

  /** No execution of this id. */
  public static final class UnknownRun extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownRun(ExecutionId id) {
      super("no execution " + id);
    }
  }

  /** Its state does not allow this: it is over, or at another attempt, or not over yet. */
  public static final class NotRunning extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ExecutionState state;

    /**
     * @param what is wrong with it, as in "it is over"
     */
    public NotRunning(ExecutionState state, String what) {
      super(what);
      this.state = state;
    }

    public ExecutionState state() {
      return state;
    }
  }
}
