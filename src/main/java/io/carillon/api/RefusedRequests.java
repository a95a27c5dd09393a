package io.carillon.api;

import io.carillon.api.http.Reply;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * The answers to what never becomes a request: headers too large, a line that is not HTTP. The same
 * problems as everywhere.
 */
final class RefusedRequests extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = namesNothing(request) ? 404 : response.getStatus();
    String requestId = Headers.name(request.getHeaders().get(Headers.REQUEST_ID));
    Reply reply = Problems.ofStatus(status == 0 ? 400 : status).reply(requestId);
    response.setStatus(reply.status());
    HttpFields.Mutable headers = response.getHeaders();
    headers.put(Headers.REQUEST_ID, requestId);
    Headers.GUARDS.forEach(headers::put);
    reply.headers().forEach(headers::put);
    headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
    return true;
  }

  /** Whether only the path was not understood: it names nothing, like any other wrong one. */
  private static boolean namesNothing(Request request) {
    Object cause = request.getAttribute(ERROR_EXCEPTION);
    for (Throwable e = cause instanceof Throwable t ? t : null; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage());
      if (message.contains("Illegal character in path") || message.contains("Bad URI")) {
        return true;
      }
    }
    return false;
  }
}
