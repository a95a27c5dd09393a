/**
 * The port for mail: jobs with an email target are sent by quartz-jobs' own mail job ({@link
 * org.quartz.jobs.ee.mail.SendMailJob}, filled in {@code MailJob}) through the one server that
 * configuration names. {@link io.carillon.quartz.mail.Mail} is the door: it keeps the number of
 * connections small, holds each mail to its time-out, and breaks it off when asked. Credentials are
 * taken from configuration when a mail is sent; no JobDataMap and no row ever holds them. {@link
 * io.carillon.quartz.mail.MailAddresses} tells at submission what could not be sent. This is the
 * only package that knows Jakarta Mail.
 */
@NullMarked
package io.carillon.quartz.mail;

import org.jspecify.annotations.NullMarked;
