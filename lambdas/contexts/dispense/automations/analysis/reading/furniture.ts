import { namesDrug } from './clinical.ts';
import { oneOf, wordEnd } from './patterns.ts';
import { postcodes } from './plain-numbers.ts';

/** What stands on prescriptions beside the drugs. A line that begins with one of these words is about people, places, dates or the document. */
const labels = oneOf(`
patient, patient name, patient details, patient id, patient no, patient address, name, full name, surname, forename, forenames, first name, last name, title, pt, pt., mr, mr., mrs, mrs., ms, ms., miss, master, baby, dr, dr., prof, prof., sir, madam
dob, d.o.b, d.o.b., date of birth, born, birth date, birthdate, age, aged, sex, gender, male, female, nhs, nhs number, nhs no, hospital no, hospital number, mrn, m.r.n, chi, chi no, uhid, ip no, op no, id, id no, account, acct, case no, visit, visit no, encounter
address, street, phone, ph, ph., telephone, tel, tel., mobile, mob, mob., cell, fax, email, e-mail, web, www, website, url
date, dated, date issued, issue date, issued, date written, written, written on, date of issue, printed, printed on, print date, signed, signature, signature of doctor, signature of prescriber, sign, sig of prescriber, electronically signed, e-signed, authorised, authorized
prescriber, prescriber name, prescribed by, prescribing doctor, physician, attending, provider, ordering provider, doctor, gp, gp code, gp name, gp practice, consultant, nurse, clinician, author, completed by, entered by, verified by, checked by, screened by, dispensed by, pharmacist
practice, practice code, surgery, clinic, hospital, pharmacy, pharmacy stamp, pharmacy use, ward, bed, department, dept, dept., specialty, speciality, unit name, location, trust, organisation, office, facility
licence, license, lic, bleep, pager, midwife, prepared by, lic., lic no, dea, dea no, dea number, npi, reg, reg., reg no, reg. no, reg. no., registration, registration no, gmc, gphc, nmc, pin, prescriber code, prescriber number, ods, vat, iban, bsnr, lanr, arzt-nr, betriebsstätten-nr, rpps, adeli, finess
admitted, admission, admission date, date of admission, discharged, discharge date, date of discharge, date discharged, length of stay, presenting complaint, diagnosis, diagnoses, primary diagnosis, dx, icd, c/o, complaint, complaints, chief complaint, o/e, examination, history, hx, pmh, past medical history, problem, problems, impression, assessment, investigations, procedure, procedures, reason for admission, reason for visit
follow up, followup, f/u, review, next visit, next review, next appointment, appointment, adv, advice, counselling, letter, dear, copy to, cc, yours, kind regards, regards, thank you, thanks
insurance, insurer, member, member id, group, bin, pcn, rx no, rx number, rx #, prescription no, prescription number, prescription id, prescription date, serial, serial no, barcode, form, fp10nc, fp10, fp10ss, fp10hnc, page, pages, sheet, end of prescription, end of list, ref, reference, our ref, order no, order number, script no, token
krankenkasse, kasse, kostenträger, versicherten-nr, versicherter, name des versicherten, geb, geb., geb. am, geboren, vertragsarzt, apotheke, datum, unterschrift, unterschrift des arztes, praxis, gebühr, noctu, sonstige, unfall, status
docteur, médecin, patiente, né le, née le, nom, prénom, adresse, téléphone, cabinet, médecin généraliste, date de naissance, sécurité sociale, n° ss, signature du médecin
allergies, allergy, allergy status, known allergies, drug allergies, sensitivities, adrs, nkda, nka, no known allergies, no known drug allergies, allergies/adverse reactions, weight, wt, wt., height, ht, ht., bmi, bsa, bp, b.p., blood pressure, pulse, hr, heart rate, rr, resp rate, temp, temp., temperature, spo2, sats, oxygen saturation, egfr, crcl, creatinine clearance
number of items, no of items, no. of items, total items, items, item count, endorsements, for pharmacy use, pharmacy use only, for dispenser, dispenser, charges, exempt, exemption, payment, fee`);

/** A label and what follows it. */
export const labelled = new RegExp(`^[^\\p{L}\\p{N}]{0,9}${labels}${wordEnd}`, 'iu');

/** Labels after which only a person, a place or a number stands, which can look like a drug. */
export const personLabel = new RegExp(
  `^[^\\p{L}\\p{N}]{0,9}${oneOf('patient, patient name, name, surname, forename, pt, mr, mrs, ms, miss, master, baby, dr, prof, dob, d.o.b, address, signature, signed, prescriber, prescribed by, physician, provider, doctor, gp, gp name, practice, surgery, clinic, hospital, phone, tel, email, date, electronically signed, consultant, pharmacist')}${wordEnd}`,
  'iu',
);

const organisations =
  /(?<!\p{L})(?:surgery|clinic|hospital|practice|pharmacy|centre|center|medical|health|healthcare|trust|university|department|ward|praxis|apotheke|cabinet|hôpital|infirmary|outpatients?|inpatients?|associates|group|family medicine|general practice|paediatrics|pediatrics|rheumatology|cardiology|nhs|community|primary care|internal medicine|allgemeinmedizin|klinik|physicians?|partnership)(?!\p{L})/iu;
const credentials =
  /(?:^|[ ,(])(?:M\.?D\.?|D\.O\.|DO|N\.?P\.?|PA-C|MBBS|MBChB|MBBCh|MRCGP|FRCP|MRCP|RN|APRN|FNP|FNP-C|PharmD|RPh|PhD|[Dd]r\.? med\.?|Facharzt|Fachärztin|GP|Consultant|Registrar|ST\d|FY\d)[ ,.)]*$/u;
const addresses =
  /(?<!\p{L})(?:street|st\.|road|rd\.?|lane|ln\.?|avenue|ave\.?|drive|close|court|way|boulevard|blvd\.?|suite|ste\.?|apt\.?|floor|flat|house|park|square|terrace|crescent|gardens|grove|hill|place|box|highway|building|straße|strasse|str\.|\p{L}+weg|\p{L}+straße|\p{L}+strasse|\p{L}+str\.|rue|allée|nagar|marg)(?!\p{L})/iu;
/** True for a line that names an organisation, an address, a person with a title: it has no label. */
export function isPlace(text: string): boolean {
  return organisations.test(text) || credentials.test(text) || addresses.test(text) || postcodes.test(text);
}

const analytes =
  '(?:hba1c|a1c|spo2|sao2|sats|o2 sats|oxygen saturation|potassium|sodium|chloride|glucose|fasting glucose|random glucose|rbs|fbs|ppbs|bp|blood pressure|hr|heart rate|pulse|rr|resp(?:iratory)? rate|temp(?:erature)?|weight|wt|height|ht|bmi|egfr|creatinine|urea|hb|haemoglobin|hemoglobin|wbc|wcc|platelets|plt|inr|crp|esr|alt|ast|alp|ggt|bilirubin|albumin|cholesterol|total cholesterol|ldl|ldl-c|hdl|hdl-c|triglycerides|tsh|ft4|ft3|psa|ferritin|vitamin d level|lipase|amylase|lactate|troponin|bnp|phosphate|serum \\p{L}+|calcium|corrected calcium|magnesium|uric acid|k|na|fev1|peak flow|pefr)';
const results =
  '(?: ?(?:mmol|µmol|umol|mg|g|ng|pg|µg|ug|mcg|miu|iu|u|meq|ml|nmol|pmol|mu|cells|ml) ?/ ?(?:l|dl|ml|min|mol|min/1\\.73 ?m2|µl|ul|hr|h|mm3)(?: ?/ ?1\\.73 ?m2)?| ?%| ?mm ?hg| ?bpm| ?°? ?[cf]| ?kg(?:/m2|/m²)?| ?lbs?| ?cm| ?m| ?l/min| ?x ?10\\^?9/l| ?mmol/mol)?';
const result = `(?:(?:fasting|random|serum|plasma|latest|last) )?${analytes}(?: (?:level|count|today|was|is|of))?[ :=-]{0,4}[<>~]?\\d{1,4}(?:[.,]\\d{1,2})?(?: ?/ ?\\d{2,3})?${results}(?: (?:on air|on room air|ra|on \\d l|regular|normal|high|low|sitting|standing))?(?: ?\\((?:normal|high|low|h|l|ref[^)]{0,20})\\))?`;

/** Vital signs and results of tests, and nothing else. */
const resultLine = new RegExp(
  `^[^\\p{L}\\p{N}]{0,5}${result}(?:[ ,;|.]{1,4}${result}){0,9}[ .;,]{0,3}$`,
  'iu',
);

/** True for vital signs and results of tests, and nothing else. A substance that is also a drug needs the unit of a result: "Potassium 4.1 mmol/L". */
export const isOnlyResults = (text: string) =>
  resultLine.test(text) && (!namesDrug(text) || /(?:\/|per) ?(?:d?l|ml)(?!\p{L})|%/iu.test(text));

/** Headings that name a part of the document. */
export const heading = new RegExp(
  `^[^\\p{L}\\p{N}]{0,20}(?:${oneOf('rx, rp, rp., rezept, ordonnance, verordnung, prescription, outpatient prescription, private prescription, electronic prescription, prescription printout, medication order, prescription order, discharge prescription, repeat prescription, acute prescription, acute, repeat, repeats, regular, regular medicines, medicines to take after discharge, medicines to take at home, medications to take after discharge, medications to take at home, inhalers, treatment, treatment plan, plan, plan: start, new, started, start, continue, continued, continuing, changed, unchanged, current, ongoing, to take, tto, tta, ttos, ttas, tto medication, discharge summary, discharge letter, summary, clinic letter, clinical letter')}|(?:list of |your |the |all |his |her )?(?:current |discharge |new |newly started |continued |continuing |unchanged |changed |regular |repeat |acute |active |prescribed |home |ongoing |tto |tta |take home |to take home |inpatient |outpatient )*(?:medications?|medicines?|drugs?|treatment|prescriptions?)(?: list| and directions| prescribed| ordered| orders?| on discharge| at discharge| to continue| continued| to take home| started| to start| changed| unchanged| supplied| given| for discharge| details| information)*)[ :.-]{0,5}[^\\p{L}\\p{N}]{0,20}$`,
  'iu',
);
