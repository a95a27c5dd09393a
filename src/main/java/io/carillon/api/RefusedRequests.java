package io.carillon.api;

import io.carillon.api.http.Reply;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The answers to what never becomes a request: headers too large, a line that is not HTTP. The same
 * problems as everywhere.
 */
final class RefusedRequests extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Reply reply = reply(response.getStatus(), request.getHeaders().get(Headers.REQUEST_ID));
    HttpFields.Mutable headers = response.getHeaders();
    reply.headers().forEach(headers::put);
    headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
    headers.put("X-Content-Type-Options", "nosniff");
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
    return true;
  }

  @Override
  public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
    Reply reply = reply(status, null);
    fields.put(new HttpField(HttpHeader.CONTENT_TYPE, reply.contentType()));
    return ByteBuffer.wrap(reply.body());
  }

  private static Reply reply(int status, @Nullable String requestId) {
    return Problems.ofStatus(status == 0 ? 400 : status).reply(Headers.name(requestId));
  }
}
