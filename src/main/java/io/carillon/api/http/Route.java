package io.carillon.api.http;

/**
 * One method of one path.
 *
 * @param path with its parameters in braces, such as {@code /api/v1/jobs/{id}}
 * @param access who may call it
 */
public record Route(String method, String path, Access access, Call call) {
  /** Who may call a route. */
  public enum Access {
    /** Anyone, at any time, also while the server stops: health. */
    OPEN,
    /** Whoever carries a key, if there are any. */
    KEYED
  }

  public static Route get(String path, Call call) {
    return new Route("GET", path, Access.KEYED, call);
  }

  public static Route post(String path, Call call) {
    return new Route("POST", path, Access.KEYED, call);
  }

  public static Route put(String path, Call call) {
    return new Route("PUT", path, Access.KEYED, call);
  }

  public static Route patch(String path, Call call) {
    return new Route("PATCH", path, Access.KEYED, call);
  }

  public static Route delete(String path, Call call) {
    return new Route("DELETE", path, Access.KEYED, call);
  }

  public static Route open(String path, Call call) {
    return new Route("GET", path, Access.OPEN, call);
  }

  /** Whether it can change anything. */
  public boolean writes() {
    return !method.equals("GET");
  }
}
