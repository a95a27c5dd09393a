package io.carillon.quartz.mail;

import io.carillon.config.MailConfig;
import io.carillon.execution.Admission;
import io.carillon.execution.Firing;
import io.carillon.job.Target;
import jakarta.mail.Authenticator;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.impl.JobExecutionContextImpl;
import org.quartz.impl.triggers.SimpleTriggerImpl;
import org.quartz.jobs.ee.mail.SendMailJob;
import org.quartz.spi.TriggerFiredBundle;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * Quartz's mail job for one mail. What it reads is a JobDataMap made for this one run, which no
 * store ever sees; server, user and password come from configuration past that map. One use.
 */
final class MailJob extends SendMailJob {
  private static final String UTF_8 = StandardCharsets.UTF_8.name();

  private final MailConfig config;
  private final Firing firing;
  private final Target.Email mail;
  private final Admission admission;
  private final Sending sending;
  private final InstantSource clock;

  MailJob(
      MailConfig config,
      Firing firing,
      Target.Email mail,
      Admission admission,
      Sending sending,
      InstantSource clock) {
    this.config = config;
    this.firing = firing;
    this.mail = mail;
    this.admission = admission;
    this.sending = sending;
    this.clock = clock;
  }

  /** What {@link #execute} is given. */
  JobExecutionContext context() {
    JobDataMap fields = new JobDataMap();
    fields.put(PROP_SMTP_HOST, config.host());
    fields.put(PROP_RECIPIENT, String.join(", ", mail.to()));
    fields.put(PROP_SENDER, from());
    fields.put(PROP_SUBJECT, mail.subject());
    fields.put(PROP_MESSAGE, mail.text());
    fields.put(
        PROP_CONTENT_TYPE, (mail.html() ? "text/html" : "text/plain") + "; charset=" + UTF_8);
    if (!mail.cc().isEmpty()) {
      fields.put(PROP_CC_RECIPIENT, String.join(", ", mail.cc()));
    }
    if (mail.replyTo() != null) {
      fields.put(PROP_REPLY_TO, mail.replyTo());
    }
    Date firedAt = Date.from(firing.firedAt());
    return new JobExecutionContextImpl(
        null,
        new TriggerFiredBundle(
            JobBuilder.newJob(MailJob.class).setJobData(fields).build(),
            new SimpleTriggerImpl(),
            null,
            firing.recovered(),
            firedAt,
            Date.from(firing.scheduledAt()),
            null,
            null),
        this);
  }

  private String from() {
    return mail.from() == null ? config.from() : mail.from();
  }

  /** Recipients and subjects are nobody's business in a log; outcomes are told elsewhere. */
  @Override
  protected Logger getLog() {
    return NOPLogger.NOP_LOGGER;
  }

  /** As the original, with blind copies, our headers, and UTF-8 whatever the JVM's own charset. */
  @Override
  protected MimeMessage prepareMimeMessage(MailInfo fields) throws MessagingException {
    InternetAddress from = address(fields.getFrom());
    String address = from.getAddress();
    String domain = address.substring(address.lastIndexOf('@') + 1);
    MimeMessage message = new OutgoingMessage(getMailSession(fields), firing, admission, domain);
    message.setFrom(from);
    message.setRecipients(RecipientType.TO, addresses(mail.to()));
    message.setRecipients(RecipientType.CC, addresses(mail.cc()));
    message.setRecipients(RecipientType.BCC, addresses(mail.bcc()));
    if (fields.getReplyTo() != null) {
      message.setReplyTo(addresses(List.of(fields.getReplyTo())));
    }
    message.setSubject(fields.getSubject(), UTF_8);
    message.setSentDate(Date.from(clock.instant()));
    setMimeMessageContent(message, fields);
    return message;
  }

  /** A session of its own: the original's is shared by the whole JVM, password and all. */
  @Override
  protected Session getMailSession(MailInfo fields) {
    Properties settings = new Properties();
    String timeout = Long.toString(config.timeout().toMillis());
    settings.put("mail.transport.protocol", "smtp");
    settings.put("mail.smtp.host", fields.getSmtpHost());
    settings.put("mail.smtp.port", Integer.toString(config.port()));
    settings.put("mail.smtp.connectiontimeout", timeout);
    settings.put("mail.smtp.timeout", timeout);
    settings.put("mail.smtp.socketFactory", sending);
    settings.put("mail.smtp.socketFactory.fallback", "false");
    settings.put("mail.smtp.sendpartial", "false");
    settings.put("mail.smtp.quitwait", "false");
    settings.put("mail.smtp.ssl.checkserveridentity", "true");
    switch (config.tls()) {
      case TLS -> settings.put("mail.smtp.ssl.enable", "true");
      case STARTTLS -> {
        settings.put("mail.smtp.starttls.enable", "true");
        settings.put("mail.smtp.starttls.required", "true");
      }
      case NONE -> settings.put("mail.smtp.starttls.enable", "false");
    }
    if (config.username() == null) {
      return Session.getInstance(settings);
    }
    settings.put("mail.smtp.auth", "true");
    return Session.getInstance(settings, credentials());
  }

  private Authenticator credentials() {
    return new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(config.username(), config.password());
      }
    };
  }

  private static InternetAddress[] addresses(List<String> texts) throws MessagingException {
    InternetAddress[] addresses = new InternetAddress[texts.size()];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = address(texts.get(i));
    }
    return addresses;
  }

  private static InternetAddress address(String text) throws MessagingException {
    InternetAddress address = new InternetAddress(text, true);
    try {
      address.setPersonal(address.getPersonal(), UTF_8);
    } catch (UnsupportedEncodingException e) {
      throw new MessagingException("UTF-8 is known to every JVM", e);
    }
    return address;
  }
}
