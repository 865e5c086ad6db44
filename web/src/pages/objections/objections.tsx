import { useSession } from '../../app/session.tsx'
import { MyObjections } from './list.tsx'
import { ObjectionQueue } from './queue.tsx'

/** Applicants see their own; officials see what they owe, by its day. */
export const Objections = () => {
  const { has } = useSession()
  return has('officer', 'head', 'credit_office') ? <ObjectionQueue /> : <MyObjections />
}
