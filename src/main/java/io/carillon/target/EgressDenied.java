package io.carillon.target;

import java.net.UnknownHostException;

/**
 * The outbound rules refuse an address; nothing was sent. It is an {@link UnknownHostException}
 * because that is the one exception that OkHttp's resolver port lets through.
 */
final class EgressDenied extends UnknownHostException {
  private static final long serialVersionUID = 1;

  EgressDenied(String message) {
    super(message);
  }
}
