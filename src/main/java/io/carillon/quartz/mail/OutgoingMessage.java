package io.carillon.quartz.mail;

import io.carillon.execution.Admission;
import io.carillon.execution.Firing;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A message whose id is that of its execution, the same for every attempt (RFC 5322, 3.6.4), so
 * that a repeat can be told from a second mail. When the server waits for its text, the {@link
 * Admission} is looked at for the last time: if it does not hold, the connection is dropped and
 * nothing has been sent. One use.
 */
final class OutgoingMessage extends MimeMessage {
  /** The mail was admitted no more; nothing of it was sent. */
  static final class NotAdmitted extends IOException {
    private static final long serialVersionUID = 1;

    private NotAdmitted() {
      super("not admitted any more");
    }
  }

  private final Firing firing;
  private final Admission admission;
  private final String domain;

  /**
   * @param domain right of the message id's @
   */
  OutgoingMessage(Session session, Firing firing, Admission admission, String domain)
      throws MessagingException {
    super(session);
    this.firing = firing;
    this.admission = admission;
    this.domain = domain;
    setHeader("X-Carillon-Execution", firing.id().value());
    setHeader("X-Carillon-Job", firing.job().id().value());
    setHeader("X-Attempt", Integer.toString(firing.attempt()));
    // RFC 3834: nobody's holiday notice has to answer this.
    setHeader("Auto-Submitted", "auto-generated");
  }

  @Override
  protected void updateMessageID() throws MessagingException {
    setHeader("Message-ID", "<" + firing.id().value() + "@" + domain + ">");
  }

  @Override
  public void writeTo(OutputStream out, String[] ignored) throws IOException, MessagingException {
    if (!admission.holds()) {
      throw new NotAdmitted();
    }
    super.writeTo(out, ignored);
  }
}
